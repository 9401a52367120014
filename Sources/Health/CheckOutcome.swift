/// How one check ended.
enum CheckOutcome: Sendable {
    case ok
    case failed(HealthProblem)
    /// It did not end in time, or was not begun because earlier ones hang.
    case timedOut(HealthProblem)

    var problem: HealthProblem? {
        switch self {
        case .ok: nil
        case .failed(let problem), .timedOut(let problem): problem
        }
    }

    /// The value of the label `result` in metrics.
    var label: String {
        switch self {
        case .ok: "ok"
        case .failed: "failed"
        case .timedOut: "timeout"
        }
    }

    static let labels = ["ok", "failed", "timeout"]
}
