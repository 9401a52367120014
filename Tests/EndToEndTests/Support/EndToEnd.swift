import Testing

/// The whole program from outside: real `git` and `ssh` clients against the built executable.
///
/// All suites are nested here, so that only one test runs at a time: each has a server and clients of its own, and some
/// measure time and memory.
@Suite("slipway, seen from outside", .serialized)
enum EndToEnd {}
