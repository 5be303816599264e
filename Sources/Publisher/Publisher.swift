// Publisher: an output tree → an edition on dStor, and the receipt that proves it. What `colophon publish` calls.
// Imports: floors 0 to 2, GRDB for the ledger. It reaches the network only through the clients that it is given: of dStor, of
// Kubo, of a gateway.
// Entry: `publish(_:to:state:workers:full:report:)` in `Publish.swift`, stages 9 to 15, each a function in a file of its name.
// `history` and its like read receipts (`Editions`, `EditionDiff`, `status`); `verify` and `collect` read an edition back from gateways.
// Promises: nothing is sent before every hash is known; nothing is sent twice; no link is published before what it leads to is there.
// Tests: `Tests/PublisherTests`; end to end in `Tests/EndToEndTests`.
