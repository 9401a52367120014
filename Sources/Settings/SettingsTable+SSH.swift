extension SettingsTable {
    static let sshPort = Setting(
        "ssh.port", .port, default: "2223", help: "Port for SSH; 0 takes any free one.")
    static let sshAddress = Setting(
        "ssh.address", .addresses, default: "all", help: "IP addresses to listen on for SSH; all: IPv4 and IPv6.")
    static let sshPublicURL = Setting(
        "ssh.public-url", .sshURL, default: "",
        help: "What pushers use, such as ssh://git@builder.example.com; empty: host name and port.")
    static let sshHostKeys = Setting(
        "ssh.host-keys", .path, default: "<data-dir>/host-keys",
        help: "Directory of the host keys; missing ones are made at the first start.")
    static let sshHostKeysSecret = Setting(
        "ssh.host-keys-secret", .optionalKubernetesName, default: "",
        help: "Secret of this server's namespace with the host keys, made if it is not there; empty: files.")
    static let sshLoginGraceTime = Setting(
        "ssh.login-grace-time", .duration(positiveTime), default: "20s",
        help: "How long a client may take to log in.")
    static let sshMaxAuthTries = Setting(
        "ssh.max-auth-tries", .count(1...100), default: "6", help: "Keys that one connection may try.")
    static let sshMaxConnections = Setting(
        "ssh.max-connections", .count(1...100_000), default: "1024", help: "Connections at one time.")
    /// As OpenSSH's MaxStartups, whose default is "10:30:100".
    static let defaultMaxUnauthenticated = 100
    static let sshMaxUnauthenticated = Setting(
        "ssh.max-unauthenticated", .count(1...100_000), default: "\(defaultMaxUnauthenticated)",
        help: "Connections that have not logged in yet, at one time; at most ssh.max-connections.")
    static let sshMaxConnectionsPerAddress = Setting(
        "ssh.max-connections-per-address", .count(1...100_000), default: "256",
        help: "Connections from one IP address at one time.")
    static let sshMaxSessions = Setting(
        "ssh.max-sessions", .count(1...1_000), default: "10", help: "Channels of one connection at one time.")
    static let sshKeepAliveInterval = Setting(
        "ssh.keep-alive-interval", .duration(.seconds(1)...longest), default: "15s",
        help: "Silence after which a client is asked whether it is there.")
    static let sshKeepAliveCount = Setting(
        "ssh.keep-alive-count", .count(1...100), default: "3",
        help: "Unanswered questions after which a client is taken for gone.")
    static let sshKeyExchange = Setting(
        "ssh.key-exchange", .algorithms,
        default: "curve25519-sha256,curve25519-sha256@libssh.org,diffie-hellman-group16-sha512,"
            + "diffie-hellman-group18-sha512",
        help: "Key exchange algorithms, best first.")
    static let sshCiphers = Setting(
        "ssh.ciphers", .algorithms,
        default: "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,"
            + "aes256-ctr,aes192-ctr,aes128-ctr",
        help: "Ciphers, best first.")
    static let sshMACs = Setting(
        "ssh.macs", .algorithms, default: "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com",
        help: "Message authentication codes, best first.")
    static let sshHostKeyAlgorithms = Setting(
        "ssh.host-key-algorithms", .algorithms, default: "ssh-ed25519,rsa-sha2-512,rsa-sha2-256",
        help: "Host key algorithms, best first.")

    static let ssh = SettingGroup(
        title: "SSH server",
        settings: [
            sshPort.definition, sshAddress.definition, sshPublicURL.definition, sshHostKeys.definition,
            sshHostKeysSecret.definition,
            sshLoginGraceTime.definition, sshMaxAuthTries.definition, sshMaxConnections.definition,
            sshMaxUnauthenticated.definition, sshMaxConnectionsPerAddress.definition, sshMaxSessions.definition,
            sshKeepAliveInterval.definition, sshKeepAliveCount.definition, sshKeyExchange.definition,
            sshCiphers.definition, sshMACs.definition, sshHostKeyAlgorithms.definition,
        ])
}
