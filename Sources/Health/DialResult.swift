/// What came of dialling the SSH port once.
package enum DialResult: Sendable, Hashable {
    /// It said that it speaks SSH-2.0.
    case ok(latency: Duration)
    /// No connection came about, or it was closed at once; why.
    case refused(reason: String)
    /// It took the connection, but did not say a whole line in time.
    case silent(limit: Duration)
    /// It said something else.
    case garbage

    static let labels = ["ok", "refused", "silent", "garbage"]

    /// Whether the port works.
    package var isOK: Bool {
        if case .ok = self { true } else { false }
    }

    /// The value of the label `result` in metrics.
    package var label: String {
        switch self {
        case .ok: "ok"
        case .refused: "refused"
        case .silent: "silent"
        case .garbage: "garbage"
        }
    }

    /// What is wrong, in plain English.
    package var problem: String? {
        switch self {
        case .ok: nil
        case .refused(let reason): "the SSH port cannot be reached: \(reason)"
        case .silent(let limit): "the SSH port takes connections but does not answer within \(limit.inWords)"
        case .garbage: "what answers at the SSH port is not an SSH server"
        }
    }
}
