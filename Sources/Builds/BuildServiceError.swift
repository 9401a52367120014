package import ObjectStorage

/// Why a build has no report: it was not the build that failed.
package enum BuildServiceError: Error, CustomStringConvertible {
    /// The object store failed while `during` was done.
    case storage(during: String, error: ObjectStoreError)
    /// The client did not take the output any more; the build was cancelled.
    case clientGone(String)
    /// The executor could not run builds, for longer than the push was to wait.
    case unavailable(ExecutorUnavailable)
    /// The executor failed.
    case executor(String)

    package var description: String {
        switch self {
        case .storage(let during, let error):
            "the object store failed while \(during): \(error); nothing was deployed, push again later"
        case .clientGone(let reason):
            "the build was cancelled because its client went away: \(reason)"
        case .unavailable(let error):
            "builds could not be run: \(error.cause); nothing was deployed, push again later"
        case .executor(let reason):
            "the executor failed: \(reason); nothing was deployed, push again or ask the operator"
        }
    }
}
