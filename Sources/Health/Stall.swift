/// Something that should move and stands still.
package struct Stall: Sendable, Hashable {
    /// As in ``Heartbeat/name``.
    package let name: String
    /// For how long, in seconds that the process was running.
    package let seconds: Int

    package init(name: String, seconds: Int) {
        self.name = name
        self.seconds = seconds
    }
}
