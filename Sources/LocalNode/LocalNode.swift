// LocalNode: a dStor-compatible node on this machine: token calls, uploads of files and folders, and an IPFS gateway that reads them back.
// Imports: Files, ContentAddressing, CCrypto; GRDB for metadata, Hummingbird's core and NIO for sockets.
// Entry: `Node(configuration:)`, then `run()`; `respond(to:)` answers one request without a socket.
// Promises: what was answered survives `kill -9`; no body is held in memory whole; bad input is an answer with a 4xx status, never a crash;
//   keys, tokens and passwords are in no answer, error or log but the token call's own answer.
// Tests: `Tests/LocalNodeTests`.
