import Synchronization

/// Which of the tries of one step a pusher is told of: the first, those with another cause, and else one every few seconds.
final class RetryNotices: Sendable {
    /// Tries come every second or so, and each line says how long they go on.
    static let pause: Duration = .seconds(5)

    private let last = Mutex<(cause: String, told: ContinuousClock.Instant)?>(nil)

    /// Decides whether to tell of a try, which counts as told then.
    ///
    /// - Parameters:
    ///   - cause: Why another is needed.
    ///   - now: The time.
    /// - Returns: True for one that is told.
    func isDue(for cause: String, at now: ContinuousClock.Instant) -> Bool {
        last.withLock { last in
            if let last, last.cause == cause, now - last.told < Self.pause { return false }
            last = (cause, now)
            return true
        }
    }
}
