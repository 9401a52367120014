/// Knows what the status page shows.
package protocol StatusSource: Sendable {
    /// Everything at this moment, from memory: it never waits.
    func report() -> StatusReport
}
