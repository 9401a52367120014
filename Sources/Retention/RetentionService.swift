package import Logging
import Metrics
import ObjectStorage

/// Sweeps in the background, again and again.
package struct RetentionService: Sendable {
    /// The first sweep is this long after the start, so that a server that is restarted again and again still sweeps,
    /// and a start is not made slower.
    static let firstDelay: Duration = .seconds(300)

    private let sweeper: RetentionSweeper
    private let interval: Duration
    private let logger: Logger
    private let sleep: @Sendable (Duration) async throws -> Void

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - sweeper: Does it.
    ///   - interval: From the end of one sweep to the start of the next, give or take a tenth: several servers that were started
    ///     together are not to sweep together.
    ///   - logger: Told of sweeps that did something, and of failures, a line each.
    ///   - sleep: Waits; `Task.sleep` when nil.
    package init(
        sweeper: RetentionSweeper, interval: Duration = .seconds(3600), logger: Logger,
        sleep: (@Sendable (Duration) async throws -> Void)? = nil
    ) {
        self.sweeper = sweeper
        self.interval = interval
        self.logger = logger
        self.sleep = sleep ?? { try await Task.sleep(for: $0) }
    }

    /// Sweeps until the task is cancelled.
    package func run() async {
        var delay = min(Self.firstDelay, interval)
        while !Task.isCancelled {
            guard (try? await sleep(delay * Double.random(in: 0.9...1.1))) != nil else { return }
            await sweepOnce()
            delay = interval
        }
    }

    private func sweepOnce() async {
        let start = ContinuousClock.now
        do {
            let summary = try await sweeper.sweep()
            (summary.failures.isEmpty ? sweeper.metrics.succeeded : sweeper.metrics.failed).increment()
            log(summary, took: ContinuousClock.now - start)
        } catch {
            // A shutdown is no failure; the next start goes on.
            guard !Task.isCancelled else { return }
            sweeper.metrics.failed.increment()
            logger.error(
                "old builds could not be swept; the next try is in \(interval)",
                metadata: ["error": "\(error)", "detail": "\((error as? ObjectStoreError)?.detail ?? "")"])
        }
        sweeper.metrics.duration.record(duration: ContinuousClock.now - start)
    }

    private func log(_ summary: SweepSummary, took duration: Duration) {
        let hasChanged = summary.objects > 0 || summary.abandoned > 0 || !summary.failures.isEmpty
        logger.log(
            level: hasChanged ? .notice : .debug, "old builds swept",
            metadata: [
                "apps": "\(summary.apps)", "builds": "\(summary.builds)", "sources": "\(summary.sources)",
                "objects": "\(summary.objects)", "bytes": "\(summary.bytes)", "abandoned": "\(summary.abandoned)",
                "foreign": "\(summary.foreign)", "failures": "\(summary.failures.count)",
                "seconds": "\(Int64(duration / .seconds(1)))",
            ])
    }
}
