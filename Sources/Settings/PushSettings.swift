/// How pushes to one app wait for each other.
package struct PushSettings: Sendable, Equatable {
    package let queueTimeout: Duration
    /// Pushes that may wait; 0 refuses at once.
    package let queueLength: Int

    init(_ resolver: inout SettingsResolver) throws(SettingsError) {
        queueTimeout = try resolver.value(SettingsTable.pushQueueTimeout)
        queueLength = try resolver.value(SettingsTable.pushQueueLength)
    }
}
