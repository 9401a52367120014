/// What pushes wait for, and how long.
package struct PushSettings: Sendable, Equatable {
    package let gate: Gate
    package let queueTimeout: Duration
    /// Pushes that may wait; 0 refuses at once.
    package let queueLength: Int
    /// How long a push tries again when object storage fails during it.
    package let retry: Duration

    /// Whether dependencies are looked at before the refs are advertised.
    package enum Gate: String, Sendable, CaseIterable {
        case on
        case off
    }

    init(_ resolver: inout SettingsResolver) throws(SettingsError) {
        gate = try resolver.value(SettingsTable.pushGate)
        retry = try resolver.value(SettingsTable.pushRetry)
        queueTimeout = try resolver.value(SettingsTable.pushQueueTimeout)
        queueLength = try resolver.value(SettingsTable.pushQueueLength)
    }
}
