/// What an executor says about a build that came to an end by itself.
package struct BuildResult: Sendable, Equatable {
    package let outcome: BuildOutcome
    /// The recipe's exit code; `nil` when it was ended by a signal or a limit.
    package let exitCode: Int32?
    /// One sentence for the person who pushed: what happened and, where one can know it, what to do.
    package let reason: String
    /// What a build of an image made.
    package let image: BuiltImage?

    package init(outcome: BuildOutcome, exitCode: Int32?, reason: String, image: BuiltImage? = nil) {
        self.outcome = outcome
        self.exitCode = exitCode
        self.reason = reason
        self.image = image
    }
}
