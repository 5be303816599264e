// Transport: carries a request to a server and its answer back, and what every client of a server needs beside that: addresses, JSON, secrets,
// when to try again, how many requests at once.
// Imports: CCurl, in `Curl…`, `FilePart` and `TransportError+Curl` only.
// Entry: `HTTPTransport`, of which `CurlTransport` is the network; tests bring one of their own.
// Promises: no redirect is followed and nothing repeated on its own; no description shows a header field, a body, a query or a `Secret`.
// Tests: `Tests/TransportTests`: policies as values, libcurl over a socket.
