// DStor: what dStor speaks. Requests, answers, and a client for them over a given transport.
// Imports: Files, Transport, CCrypto (SHA-256 only).
// Entry: `DStorClient`; the network is a `HTTPTransport`.
// Promises: no secret in any error, event or description; credentials go to the configured origin and to no other; a token serves
// many uploads; what is safe to repeat is repeated with backoff. Time, chance and waiting come in through `ClientEnvironment`.
// Tests: `Tests/DStorTests`: the protocol over a scripted transport.
