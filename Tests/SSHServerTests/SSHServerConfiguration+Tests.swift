@testable import SSHServer

extension SSHServerConfiguration {
    /// The defaults of the settings, but for the port and for times: what is to happen at once does not happen by time-out.
    static var forTests: SSHServerConfiguration {
        SSHServerConfiguration(
            addresses: [], port: 0, algorithms: .forTests,
            limits: ConnectionLimits(
                maximumConnections: 1024, maximumUnauthenticated: 100, maximumPerAddress: 256),
            loginGraceTime: .seconds(300), maximumAuthenticationTries: 6, maximumSessions: 10,
            keepAliveInterval: .seconds(15), keepAliveCount: 3, drainDelay: .zero, drainTimeout: .seconds(300))
    }
}

extension SSHServerConfiguration.Algorithms {
    /// The defaults of the settings.
    static var forTests: SSHServerConfiguration.Algorithms {
        .init(
            keyExchange: [
                "curve25519-sha256", "curve25519-sha256@libssh.org", "diffie-hellman-group16-sha512",
                "diffie-hellman-group18-sha512",
            ],
            ciphers: [
                "chacha20-poly1305@openssh.com", "aes256-gcm@openssh.com", "aes128-gcm@openssh.com", "aes256-ctr",
                "aes192-ctr", "aes128-ctr",
            ],
            macs: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"],
            hostKey: ["ssh-ed25519", "rsa-sha2-512", "rsa-sha2-256"])
    }
}
