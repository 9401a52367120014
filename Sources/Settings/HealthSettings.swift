/// Settings of the HTTP server for probes.
package struct HealthSettings: Sendable, Equatable {
    /// 0 for any free port.
    package let port: UInt16
    /// IP addresses; empty for all of IPv4 and IPv6.
    package let addresses: [String]
    /// What people use for the status page, without a slash at the end; `nil` when nobody said.
    package let publicURL: String?
    /// How long the server may stand still before it ends itself.
    package let crashAfter: Duration

    init(_ resolver: inout SettingsResolver) throws(SettingsError) {
        port = try resolver.value(SettingsTable.healthPort)
        addresses = try resolver.value(SettingsTable.healthAddress)
        publicURL = try resolver.value(SettingsTable.healthPublicURL)
        crashAfter = try resolver.value(SettingsTable.healthCrashAfter)
    }

    /// The address of the status page: below ``publicURL``, or one made of what the server knows of itself.
    ///
    /// - Parameters:
    ///   - host: A host name or IP address of this machine.
    ///   - boundPort: The port that the server really listens on.
    /// - Returns: Such as `http://host:8092/status`.
    package func statusURL(host: String, boundPort: UInt16) -> String {
        let bracketed = host.contains(":") ? "[\(host)]" : host
        return (publicURL ?? "http://\(bracketed):\(boundPort)") + "/status"
    }
}
