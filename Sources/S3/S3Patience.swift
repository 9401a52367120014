/// How long one kind of request may take.
package struct S3Patience: Sendable {
    /// How long one attempt may take, with the body of its answer; only an object that is read has no such end.
    package var attemptTime: Duration
    /// After this, and what was waited between attempts, no further one begins; only a second one always may.
    package var totalTime: Duration

    /// Makes a limit.
    ///
    /// - Parameters:
    ///   - attemptTime: For one attempt.
    ///   - totalTime: For all of them, but for the time that the last one takes.
    package init(attemptTime: Duration, totalTime: Duration) {
        self.attemptTime = attemptTime
        self.totalTime = totalTime
    }
}
