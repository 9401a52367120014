/// The questions that kubelet asks.
enum Probe: String, CaseIterable, Sendable {
    /// Does only a restart help? Looks at this process alone.
    case livez
    /// Shall connections come here?
    case readyz
    /// Has the start succeeded? Stays true once it has.
    case startupz

    /// Where it is answered; `/readiness` is what manifests for the Deis builder ask.
    var paths: [String] {
        switch self {
        case .livez: ["/livez"]
        case .readyz: ["/readyz", "/readiness"]
        case .startupz: ["/startupz"]
        }
    }
}
