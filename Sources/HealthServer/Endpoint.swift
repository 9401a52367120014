/// What is answered, by the name that metrics and probe texts give it.
enum Endpoint: String, CaseIterable, Sendable {
    /// Does only a restart help? Looks at this process alone.
    case livez
    /// Shall connections come here?
    case readyz
    /// Has the start succeeded? Stays true once it has.
    case startupz
    /// Everything, dependencies included; for people and monitors, never for kubelet.
    case healthz
    /// Everything with since when and how often, as a page or as JSON.
    case status
    /// Prometheus' text format.
    case metrics
    /// Anything else.
    case other

    /// The status codes that it can answer with, for the metrics.
    var codes: [Int] {
        switch self {
        case .livez, .readyz, .startupz, .healthz: [200, 404, 405, 503]
        case .status, .metrics: [200, 405]
        case .other: [302, 400, 404, 405, 414, 431]
        }
    }
}
