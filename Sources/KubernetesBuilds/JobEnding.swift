/// How a Job came to its end.
enum JobEnding: Sendable, Equatable {
    /// All containers ended with 0; with the termination messages of those that build and store.
    case succeeded(build: String, store: String)
    /// The cluster says that all containers ended with 0, but their pod was gone before it said what they left.
    case completed
    /// A container ended with another code, or by a signal.
    case failed(BuildStep, code: Int32, message: String)
    /// A container took more memory than it may; with its limit where that is known.
    case outOfMemory(BuildStep, limit: String?)
    /// A container could not be started at all.
    case notStartable(BuildStep, reason: String)
    /// The node put the pod out for what it used; in the node's words.
    case evicted(String, hasRun: Bool)
    /// The Job's own deadline, with the step that it met if one is known to have begun.
    case deadline(BuildStep?, hasRun: Bool)
    /// The node refused the pod, was lost, or somebody deleted it.
    case lost(String, hasRun: Bool)

    /// Whether the recipe may have run, wholly or in part.
    var hasRun: Bool {
        switch self {
        case .succeeded, .completed: true
        case .failed(let step, _, _), .outOfMemory(let step, _): step != .fetch
        case .notStartable(let step, _): step == .store
        case .evicted(_, let hasRun), .deadline(_, let hasRun), .lost(_, let hasRun): hasRun
        }
    }

    /// Whether its Job is left for people to look at; nothing of it can run any more, and no second pod of it will come.
    var leavesJob: Bool {
        switch self {
        case .succeeded, .failed: true
        case .completed, .outOfMemory, .notStartable, .evicted, .deadline, .lost: false
        }
    }
}
