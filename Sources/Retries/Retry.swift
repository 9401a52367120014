/// Does something again when what it needs fails in passing, within a budget of time.
package struct Retry: Sendable {
    /// The first pause; it doubles, with jitter, up to ``longestPause``.
    private static let firstPause: Duration = .milliseconds(500)
    private static let longestPause: Duration = .seconds(5)

    /// How long after the first failure another try may begin; zero for none.
    package let budget: Duration
    /// Told of each failure after which there is another try, with the time that is left for tries.
    private let onRetry: @Sendable (any DependencyFailure, Duration) async -> Void

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - budget: How long after the first failure another try may begin; zero for none.
    ///   - onRetry: Told of each failure after which there is another try, with the time that is left for tries.
    package init(budget: Duration, onRetry: @escaping @Sendable (any DependencyFailure, Duration) async -> Void) {
        self.budget = budget
        self.onRetry = onRetry
    }

    /// Whoever gives up at once.
    package static let never = Retry(budget: .zero) { _, _ in }

    /// Runs `body`, and again while it fails in a way that may pass.
    ///
    /// - Parameter body: May run several times: it must be one that can.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` threw last, or `CancellationError`.
    package func run<Result>(_ body: () async throws -> Result) async throws -> Result {
        try await run(where: { _ in true }, body)
    }

    /// Runs `body`, and again while what fails in it is one kind of thing, in a way that may pass.
    ///
    /// - Parameters:
    ///   - failure: The kind; others end it at once.
    ///   - body: May run several times: it must be one that can.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` threw last, or `CancellationError`.
    package func run<Failure: DependencyFailure, Result>(
        only failure: Failure.Type, _ body: () async throws -> Result
    ) async throws -> Result {
        try await run(where: { $0 is Failure }, body)
    }

    private func run<Result>(
        where isMeant: (any DependencyFailure) -> Bool, _ body: () async throws -> Result
    ) async throws -> Result {
        var deadline: ContinuousClock.Instant?
        var pause = Self.firstPause
        while true {
            do {
                return try await body()
            } catch let error as any DependencyFailure where error.mayPass && budget > .zero && isMeant(error) {
                // From the first failure on: a try that hangs may have taken longer than the budget, and is tried again all the same.
                let end = deadline ?? .now + budget
                deadline = end
                let wait = pause * Double.random(in: 0.5...1)
                guard .now + wait < end else { throw error }
                await onRetry(error, end - .now)
                // Telling takes as long as somebody is willing to hear.
                guard .now < end else { throw error }
                try await Task.sleep(for: wait)
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }
}
