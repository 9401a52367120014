/// How a build ended, in the words of `build.json`.
package enum BuildOutcome: String, Sendable, Equatable, Codable, CaseIterable {
    /// The recipe ended with exit code 0 and its artifact, if any, is stored.
    case succeeded
    /// The recipe ended with another exit code or used too much disk, or its source or artifact could not be taken.
    case failed
    /// The recipe was killed by a signal.
    case signalled
    /// The recipe ran longer than the executor allows.
    case timedOut
    /// The recipe wrote more output than the executor allows.
    case logTooLarge
    /// The executor cannot run builds now; the reason says what is missing.
    case refused
    /// The client went away, or the push was cancelled.
    case cancelled
    /// Slipway itself or its object store failed.
    case error
}
