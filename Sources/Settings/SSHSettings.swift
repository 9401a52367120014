/// Settings of the SSH server.
package struct SSHSettings: Sendable, Equatable {
    /// 0 for any free port.
    package let port: UInt16
    /// IP addresses; empty for all of IPv4 and IPv6.
    package let addresses: [String]
    /// What pushers use, without an app name and a slash at the end; `nil` when nobody said.
    package let publicURL: String?
    /// The directory of the host keys.
    package let hostKeys: String
    /// nil: files.
    package let hostKeysSecret: String?
    package let loginGraceTime: Duration
    package let maxAuthTries: Int
    package let maxConnections: Int
    /// At most ``maxConnections``.
    package let maxUnauthenticated: Int
    package let maxConnectionsPerAddress: Int
    package let maxSessions: Int
    package let keepAliveInterval: Duration
    package let keepAliveCount: Int
    package let keyExchange: [String]
    package let ciphers: [String]
    package let macs: [String]
    package let hostKeyAlgorithms: [String]

    init(_ resolver: inout SettingsResolver, dataDirectory: String) throws(SettingsError) {
        port = try resolver.value(SettingsTable.sshPort)
        addresses = try resolver.value(SettingsTable.sshAddress)
        publicURL = try resolver.value(SettingsTable.sshPublicURL)
        hostKeysSecret = try resolver.value(SettingsTable.sshHostKeysSecret)
        hostKeys = try resolver.value(SettingsTable.sshHostKeys, default: PathText.join(dataDirectory, "host-keys"))
        loginGraceTime = try resolver.value(SettingsTable.sshLoginGraceTime)
        maxAuthTries = try resolver.value(SettingsTable.sshMaxAuthTries)
        maxConnections = try resolver.value(SettingsTable.sshMaxConnections)
        // Whoever lowers only the one limit shall not be told to lower the other.
        let defaultUnauthenticated = min(SettingsTable.defaultMaxUnauthenticated, maxConnections)
        maxUnauthenticated = try resolver.value(
            SettingsTable.sshMaxUnauthenticated, default: "\(defaultUnauthenticated)")
        maxConnectionsPerAddress = try resolver.value(SettingsTable.sshMaxConnectionsPerAddress)
        maxSessions = try resolver.value(SettingsTable.sshMaxSessions)
        keepAliveInterval = try resolver.value(SettingsTable.sshKeepAliveInterval)
        keepAliveCount = try resolver.value(SettingsTable.sshKeepAliveCount)
        keyExchange = try resolver.value(SettingsTable.sshKeyExchange)
        ciphers = try resolver.value(SettingsTable.sshCiphers)
        macs = try resolver.value(SettingsTable.sshMACs)
        hostKeyAlgorithms = try resolver.value(SettingsTable.sshHostKeyAlgorithms)
        guard maxUnauthenticated <= maxConnections else {
            throw SettingsError(
                resolver.place(of: SettingsTable.sshMaxUnauthenticated.definition),
                "expected at most ssh.max-connections (\(maxConnections)), got \(maxUnauthenticated)")
        }
    }

    /// The address for pushers: ``publicURL``, or one made of what the server knows of itself.
    ///
    /// - Parameters:
    ///   - host: A host name or IP address of this machine.
    ///   - boundPort: The port that the server really listens on.
    /// - Returns: Such as `ssh://git@host:2223`; a slash and the app name follow it.
    package func pushURL(host: String, boundPort: UInt16) -> String {
        if let publicURL { return publicURL }
        let bracketed = host.contains(":") ? "[\(host)]" : host
        // 22 is what ssh takes without being told (RFC 4251 section 4.1 and IANA).
        return "ssh://git@\(bracketed)" + (boundPort == 22 ? "" : ":\(boundPort)")
    }
}
