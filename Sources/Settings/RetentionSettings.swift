/// What is kept of old builds, and for how long.
package struct RetentionSettings: Sendable, Equatable {
    /// Builds and sources of each app that are kept however old they are.
    package let keepBuilds: Int
    /// How long they are kept however many they are.
    package let keepFor: Duration
    /// How often the rest is removed; zero for never.
    package let interval: Duration

    init(_ resolver: inout SettingsResolver) throws(SettingsError) {
        keepBuilds = try resolver.value(SettingsTable.retentionKeepBuilds)
        keepFor = try resolver.value(SettingsTable.retentionKeepFor)
        interval = try resolver.value(SettingsTable.retentionInterval)
    }
}
