import Glibc

/// `Tests`, wherever the checkout is: data lies beside the tests that read it.
public let testsFolder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(
  separator: "/")

/// Whether golden files are to be written, and the tests that wrote them to fail.
public let isRecording = getenv("RECORD") != nil
