/// Why a call was given up.
struct S3Failure: Error, Sendable {
    /// What went wrong last.
    enum Cause: Sendable {
        case answer(S3ErrorAnswer)
        case transport(TransportProblem)
        case credentials(CredentialsError)
        /// An answer that S3 would not give.
        case nonsense(String)
        /// What arrived is not what was sent.
        case damaged(String)
    }

    let cause: Cause
    /// How often it was tried.
    var attempts = 1
    /// Whether an attempt may have had its effect although it failed.
    var leavesDoubt: Bool
    /// Whether the same put, begun anew, is made in another way, whatever the answer was.
    var mayPass = false

    /// Makes a failure of one attempt.
    ///
    /// - Parameter cause: What went wrong.
    init(_ cause: Cause) {
        self.cause = cause
        leavesDoubt =
            switch cause {
            case .answer(let answer): answer.status >= 500
            case .transport(let problem): problem.leavesDoubt
            case .credentials: false
            case .nonsense, .damaged: true
            }
    }

    /// What S3 answered, if it did.
    var answer: S3ErrorAnswer? {
        if case .answer(let answer) = cause { answer } else { nil }
    }
}
