/// `Tests`, wherever the checkout is: data lies beside the tests that read it.
public let testsFolder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(
  separator: "/")
