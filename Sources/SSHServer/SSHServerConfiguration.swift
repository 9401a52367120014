/// What the SSH server is told at start.
package struct SSHServerConfiguration: Sendable {
    /// The algorithms offered, each list in order of preference, names as in the IANA registry of SSH parameters.
    package struct Algorithms: Sendable {
        package var keyExchange: [String]
        package var ciphers: [String]
        package var macs: [String]
        package var hostKey: [String]

        package init(keyExchange: [String], ciphers: [String], macs: [String], hostKey: [String]) {
            self.keyExchange = keyExchange
            self.ciphers = ciphers
            self.macs = macs
            self.hostKey = hostKey
        }
    }

    /// Numeric addresses to listen on; empty means all, IPv4 and IPv6.
    package var addresses: [String]
    /// The TCP port; 0 lets the kernel choose one.
    package var port: UInt16
    package var algorithms: Algorithms
    package var limits: ConnectionLimits
    /// How long a client may take from the TCP connection to a successful login.
    package var loginGraceTime: Duration
    /// How many keys a client may try on one connection.
    package var maximumAuthenticationTries: Int
    /// How many channels one connection may have open at once.
    package var maximumSessions: Int
    /// After this much silence a client is asked for a sign of life.
    package var keepAliveInterval: Duration
    /// After this many unanswered questions a client counts as gone.
    package var keepAliveCount: Int
    /// How long connections are still accepted after a shutdown began, so that a load balancer's list can catch up.
    package var drainDelay: Duration
    /// How long running commands may go on after that.
    package var drainTimeout: Duration

    package init(
        addresses: [String], port: UInt16, algorithms: Algorithms, limits: ConnectionLimits,
        loginGraceTime: Duration, maximumAuthenticationTries: Int, maximumSessions: Int, keepAliveInterval: Duration,
        keepAliveCount: Int, drainDelay: Duration, drainTimeout: Duration
    ) {
        self.addresses = addresses
        self.port = port
        self.algorithms = algorithms
        self.limits = limits
        self.loginGraceTime = loginGraceTime
        self.maximumAuthenticationTries = maximumAuthenticationTries
        self.maximumSessions = maximumSessions
        self.keepAliveInterval = keepAliveInterval
        self.keepAliveCount = keepAliveCount
        self.drainDelay = drainDelay
        self.drainTimeout = drainTimeout
    }
}
