/// Settings of the HTTP server for probes.
package struct HealthSettings: Sendable, Equatable {
    /// 0 for any free port.
    package let port: UInt16
    /// IP addresses; empty for all of IPv4 and IPv6.
    package let addresses: [String]

    init(_ resolver: inout SettingsResolver) throws(SettingsError) {
        port = try resolver.value(SettingsTable.healthPort)
        addresses = try resolver.value(SettingsTable.healthAddress)
    }
}
