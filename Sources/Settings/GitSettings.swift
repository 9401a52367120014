/// Limits of what a push may send.
package struct GitSettings: Sendable, Equatable {
    /// In bytes.
    package let maxPackSize: Int64
    /// Refs in one push.
    package let maxRefs: Int
    /// Silence of a client that is sending.
    package let idleTimeout: Duration

    init(_ resolver: inout SettingsResolver) throws(SettingsError) {
        maxPackSize = try resolver.value(SettingsTable.gitMaxPackSize)
        maxRefs = try resolver.value(SettingsTable.gitMaxRefs)
        idleTimeout = try resolver.value(SettingsTable.gitIdleTimeout)
    }
}
