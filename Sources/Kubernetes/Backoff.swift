/// How long to wait before the next attempt: a bound that doubles, and a random time from half of it.
struct Backoff: Sendable {
    private let first: Duration
    private let maximum: Duration
    /// Failures since the last success.
    private(set) var count = 0

    /// Begins without a failure.
    init(_ limits: KubernetesLimits) {
        first = limits.firstDelay
        maximum = limits.maximumDelay
    }

    /// Counts a failure.
    ///
    /// - Parameter wish: What the server asks for; it gets no more than the longest wait.
    /// - Returns: How long to wait.
    mutating func next(atLeast wish: Duration? = nil) -> Duration {
        let bound = min(first * (1 << min(count, 16)), maximum)
        count += 1
        return max(bound * Double.random(in: 0.5...1), min(wish ?? .zero, maximum))
    }

    /// Forgets the failures.
    mutating func reset() { count = 0 }
}
