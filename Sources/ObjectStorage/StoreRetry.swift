/// Does something with a store again when it fails in passing, within a budget of time.
package struct StoreRetry: Sendable {
    /// The first pause; it doubles, with jitter, up to ``longestPause``.
    private static let firstPause: Duration = .milliseconds(500)
    private static let longestPause: Duration = .seconds(5)

    /// How long after the first failure another try may begin; zero for none.
    package let budget: Duration
    /// Told of each failure after which there is another try, with the time that is left for tries.
    private let onRetry: @Sendable (ObjectStoreError, Duration) async -> Void

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - budget: How long after the first failure another try may begin; zero for none.
    ///   - onRetry: Told of each failure after which there is another try, with the time that is left for tries.
    package init(budget: Duration, onRetry: @escaping @Sendable (ObjectStoreError, Duration) async -> Void) {
        self.budget = budget
        self.onRetry = onRetry
    }

    /// Whoever gives up at once.
    package static let never = StoreRetry(budget: .zero) { _, _ in }

    /// Runs `body`, and again while the store fails in a way that may pass.
    ///
    /// - Parameter body: May run several times: it must be one that can.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` threw last, or `CancellationError`.
    package func run<Result>(_ body: () async throws -> Result) async throws -> Result {
        var deadline: ContinuousClock.Instant?
        var pause = Self.firstPause
        while true {
            do {
                return try await body()
            } catch let error as ObjectStoreError where error.kind.mayPass && budget > .zero {
                // From the first failure on: a try that hangs may have taken longer than the budget, and is tried again all the same.
                let end = deadline ?? .now + budget
                deadline = end
                let wait = pause * Double.random(in: 0.5...1)
                guard .now + wait < end else { throw error }
                await onRetry(error, end - .now)
                try await Task.sleep(for: wait)
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }
}

extension ObjectStoreError.Kind {
    /// Whether the same may succeed in a moment.
    package var mayPass: Bool {
        switch self {
        case .unavailable, .unresponsive, .unreachable, .throttled, .simulated: true
        // Somebody frees space, mounts the disk for writing again, or rotates keys.
        case .noSpace, .notAllowed, .noCredentials, .noSuchBucket, .clockSkew: true
        case .notFound, .conditionFailed, .invalidRange, .tooLarge, .damaged, .misuse, .unsupported: false
        }
    }
}
