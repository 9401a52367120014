package import Logging
package import ObjectStorage
package import Retries

/// Deletes what the policy does not keep.
///
/// It can be stopped at any point, and begun again; two at a time do no harm, for they come to the same decisions.
/// Pushes may go on meanwhile. It holds one app's builds and sources in memory at a time.
package struct RetentionSweeper: Sendable {
    /// What a check of the store left is of no use after this: a check takes seconds.
    static let probeLifetime: Duration = .seconds(3600)

    /// A pause after each batch that leaves the store to pushes.
    package static let politePause: Duration = .milliseconds(200)

    let store: any ObjectStore
    let policy: RetentionPolicy
    let retry: Retry
    let pause: Duration
    let metrics: RetentionMetrics
    let logger: Logger
    let now: @Sendable () -> Int64

    /// Makes a sweeper.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - policy: What to keep.
    ///   - retry: For what is asked of the store, a listing apart.
    ///   - pause: How long to leave the store alone after each batch.
    ///   - metrics: Counts what goes.
    ///   - logger: Told of what cannot be read or deleted.
    ///   - now: The time in seconds since 1970, by the clock of the objects' times; the system's when nil.
    package init(
        store: any ObjectStore, policy: RetentionPolicy, retry: Retry = .never, pause: Duration = .zero,
        metrics: RetentionMetrics = RetentionMetrics(), logger: Logger, now: (@Sendable () -> Int64)? = nil
    ) {
        self.store = store
        self.policy = policy
        self.retry = retry
        self.pause = pause
        self.metrics = metrics
        self.logger = logger
        self.now = now ?? WallClock.seconds
    }

    /// Sweeps all apps once.
    ///
    /// - Parameters:
    ///   - dryRun: Whether to report only.
    ///   - report: Told of each thing that went, or would.
    /// - Returns: What it came to; an app that could not be swept is in its `failures`.
    /// - Throws: `ObjectStoreError` when the store does not work, `CancellationError`.
    @discardableResult
    package func sweep(
        dryRun: Bool = false, report: @escaping (SweepItem) -> Void = { _ in }
    ) async throws -> SweepSummary {
        var sweep = Sweep(sweeper: self, isDryRun: dryRun, report: report)
        try await sweep.run()
        return sweep.summary
    }
}
