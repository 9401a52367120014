/// How a Job came to its end.
enum JobEnding: Sendable, Equatable {
    /// All containers ended with 0; with the termination messages of those that build and store.
    case succeeded(build: String, store: String)
    /// A container ended with another code, or by a signal.
    case failed(BuildStep, code: Int32, message: String)
    /// A container took more memory than it may; with its limit where that is known.
    case outOfMemory(BuildStep, limit: String?)
    /// A container could not be started at all.
    case notStartable(BuildStep, reason: String)
    /// The node put the pod out for what it used; in the node's words.
    case evicted(String, hasRun: Bool)
    /// The Job's own deadline.
    case deadline(hasRun: Bool)
    /// The node refused the pod, was lost, or somebody deleted it.
    case lost(String, hasRun: Bool)

    /// Whether the recipe may have run, wholly or in part.
    var hasRun: Bool {
        switch self {
        case .succeeded: true
        case .failed(let step, _, _), .outOfMemory(let step, _): step != .fetch
        case .notStartable(let step, _): step == .store
        case .evicted(_, let hasRun), .deadline(let hasRun), .lost(_, let hasRun): hasRun
        }
    }
}
