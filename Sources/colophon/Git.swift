import Glibc
import Publisher

/// The commit that the folder is at, where it is in a git checkout and git is installed.
func currentCommit(of folder: String) -> Commit? {
  guard let hash = git(["rev-parse", "--verify", "--quiet", "HEAD"], in: folder), hash.count >= 40 else { return nil }
  let branch = git(["symbolic-ref", "--quiet", "--short", "HEAD"], in: folder)
  // The state of this folder alone: what changed elsewhere in the checkout is not published.
  let changes = git(["status", "--porcelain", "--", "."], in: folder)
  return Commit(hash: hash, branch: branch, isDirty: changes?.isEmpty == false)
}

/// The first 64 KiB of git's standard output without the line end; nil where it did not succeed.
private func git(_ arguments: [String], in folder: String) -> String? {
  var ends: [Int32] = [0, 0]
  guard pipe(&ends) == 0 else { return nil }
  defer { close(ends[0]) }
  // Git has no use for the end that is read, nor for a second one to write to.
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  let process = try? ChildProcess(["git", "-C", folder] + arguments, output: ends[1], isQuiet: true)
  close(ends[1])
  guard let process else { return nil }
  var output: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = read(ends[0], &buffer, buffer.count)
    if count < 0, errno == EINTR { continue }
    if count <= 0 { break }
    if output.count < 65536 { output += buffer[..<count] }
  }
  guard (try? process.wait()) == .exited(0) else { return nil }
  return String(decoding: output.reversed().drop { $0 == 0x0A }.reversed(), as: UTF8.self)
}
