// Kubo: what Kubo's RPC speaks, as far as publishing needs it: blocks in, pins, paths in its file system (MFS).
// Imports: Transport.
// Entry: `KuboClient`; the network is a `HTTPTransport`.
// Promises: the credentials go to the configured origin and to no other, no error holds them; what is safe to repeat is repeated with backoff.
// Tests: `Tests/KuboTests`, over a scripted transport; with a Kubo in `EndToEndTests`.
