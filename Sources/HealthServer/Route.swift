/// Which answer a request's path asks for.
enum Route: Sendable, Equatable {
    /// One of the probes, or a single check of it.
    case probe(Endpoint, check: String?)
    case status(Format)
    case metrics
    /// Where a person lands who types the host name only.
    case home
    case unknown

    /// What the status comes as.
    enum Format: Sendable, Equatable {
        /// As the client asks for in `Accept`.
        case negotiated
        case json
    }

    /// Every address, for who asked for one that is none.
    static let addresses = [
        "/livez", "/readyz", "/readiness", "/startupz", "/healthz", "/status", "/status.json", "/metrics",
    ]

    /// Finds the route of a target.
    ///
    /// - Parameter target: What was asked for.
    init(_ target: RequestTarget) {
        let segments = target.segments
        guard let first = segments.first else {
            self = .home
            return
        }
        switch (first, segments.count) {
        case ("livez", 1...2): self = .probe(.livez, check: segments.dropFirst().first)
        // What manifests for the Deis builder ask.
        case ("readyz", 1...2), ("readiness", 1...2): self = .probe(.readyz, check: segments.dropFirst().first)
        case ("startupz", 1...2): self = .probe(.startupz, check: segments.dropFirst().first)
        case ("healthz", 1...2): self = .probe(.healthz, check: segments.dropFirst().first)
        case ("status", 1): self = .status(.negotiated)
        case ("status.json", 1): self = .status(.json)
        case ("metrics", 1): self = .metrics
        default: self = .unknown
        }
    }

    /// By what name answers are counted.
    var endpoint: Endpoint {
        switch self {
        case .probe(let endpoint, _): endpoint
        case .status: .status
        case .metrics: .metrics
        case .home, .unknown: .other
        }
    }

    /// Whether the answer is in memory already and small, so that an event loop can give it.
    var isImmediate: Bool {
        switch self {
        case .probe(let endpoint, _): endpoint != .healthz
        case .home, .unknown: true
        case .status, .metrics: false
        }
    }
}
