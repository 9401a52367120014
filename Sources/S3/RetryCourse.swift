/// How one call has gone so far.
struct RetryCourse {
    /// What is tried once per call, without a wait.
    enum Correction: Hashable { case newTime, newCredentials, noChecksums }

    private let limits: S3Limits
    private let end: ContinuousClock.Instant
    private var corrections: Set<Correction> = []
    /// Attempts begun.
    private(set) var attempts = 0
    /// Whether one of them may have had its effect although it failed.
    private(set) var isInDoubt = false

    /// Begins a call.
    ///
    /// - Parameters:
    ///   - limits: How often, and the waits.
    ///   - patience: How long.
    init(_ limits: S3Limits, _ patience: S3Patience) {
        self.limits = limits
        end = .now + patience.totalTime
    }

    /// Counts an attempt.
    mutating func begin() { attempts += 1 }

    /// Remembers how an attempt failed.
    mutating func note(_ failure: S3Failure) { isInDoubt = isInDoubt || failure.leavesDoubt }

    /// A correction that needs no wait.
    ///
    /// - Returns: nil when it was made before.
    mutating func once(_ correction: Correction) -> Duration? {
        corrections.insert(correction).inserted ? .zero : nil
    }

    /// How long to wait before the next attempt: random up to a bound that doubles.
    ///
    /// Source: "full jitter" in the AWS Architecture Blog, "Exponential Backoff And Jitter".
    ///
    /// - Parameters:
    ///   - budget: Pays for it.
    ///   - isTimeOut: Whether the attempt before timed out.
    ///   - seconds: What the server asks for.
    /// - Returns: nil when there must be no further attempt.
    func delay(_ budget: RetryBudget, isTimeOut: Bool = false, atLeast seconds: Int64? = nil) -> Duration? {
        guard attempts < limits.attempts else { return nil }
        let factor = 1 << min(attempts - 1, 16)
        let bound = min(limits.firstDelay * factor, limits.maximumDelay)
        var delay = bound * Double.random(in: 0...1)
        if let seconds { delay = max(delay, min(.seconds(seconds), limits.maximumDelay)) }
        // A first attempt may have been slow rather than silent, and a reset may have ended it: the second is made whatever it took.
        let isInTime = ContinuousClock.now + delay < end || (attempts == 1 && seconds == nil)
        guard isInTime, budget.take(isTimeOut: isTimeOut) else { return nil }
        return delay
    }
}
