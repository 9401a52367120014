import Health

extension [ProbeCheck] {
    /// The names of those that are not as they should be.
    var failing: [String] { filter { !$0.isOK }.map(\.name) }
}
