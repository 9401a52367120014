import Metrics

/// What the SSH server counts, by Prometheus' names.
///
/// All series exist from the start. The builder's own dials count nowhere.
struct SSHServerMetrics: Sendable {
    /// Connections that have logged in.
    private let authenticated: Meter
    /// Connections that have not logged in yet.
    private let unauthenticated: Meter
    /// Connections that were let in.
    private let connections: Counter
    private let refused: [ConnectionLimits.Refusal: Counter]
    private let failures: [HandshakeFailure: Counter]
    /// Logins; one for each connection at most.
    private let authAccepted: Counter
    /// Keys that nobody holds, asked for or signed with.
    private let authRefused: Counter

    /// Makes the metrics.
    ///
    /// - Parameters:
    ///   - factory: Where they are kept.
    ///   - limits: How many connections there may be.
    init(factory: any MetricsFactory, limits: ConnectionLimits) {
        func counter(_ name: String, _ dimensions: [(String, String)] = []) -> Counter {
            let counter = Counter(label: "slipway_ssh_\(name)_total", dimensions: dimensions, factory: factory)
            counter.increment(by: 0)
            return counter
        }
        func gauge(_ name: String, _ dimensions: [(String, String)] = []) -> Meter {
            let meter = Meter(label: "slipway_ssh_\(name)", dimensions: dimensions, factory: factory)
            meter.set(0)
            return meter
        }
        authenticated = gauge("connections", [("state", "authenticated")])
        unauthenticated = gauge("connections", [("state", "unauthenticated")])
        gauge("connections_limit").set(limits.maximumConnections)
        gauge("login_places_limit").set(limits.maximumUnauthenticated)
        connections = counter("connections")
        refused = Dictionary(
            uniqueKeysWithValues: ConnectionLimits.Refusal.allCases.map {
                ($0, counter("refused_connections", [("cause", "\($0)")]))
            })
        failures = Dictionary(
            uniqueKeysWithValues: HandshakeFailure.allCases.map {
                ($0, counter("handshake_failures", [("cause", $0.rawValue)]))
            })
        authAccepted = counter("auth_attempts", [("result", "accepted")])
        authRefused = counter("auth_attempts", [("result", "refused")])
    }

    /// Notes how many connections there are.
    func set(authenticated: Int, unauthenticated: Int) {
        self.authenticated.set(authenticated)
        self.unauthenticated.set(unauthenticated)
    }

    /// Counts a connection that was let in.
    func countConnection() { connections.increment() }

    /// Counts a login, or a key that nobody holds.
    func countKey(accepted: Bool) { (accepted ? authAccepted : authRefused).increment() }

    func count(_ refusal: ConnectionLimits.Refusal) { refused[refusal]?.increment() }

    func count(_ failure: HandshakeFailure) { failures[failure]?.increment() }
}
