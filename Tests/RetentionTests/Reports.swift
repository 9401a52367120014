import Logging
import Synchronization

@testable import Retention

/// Keeps what a sweep reports.
final class Reports: Sendable {
    private let kept = Mutex<[SweepItem]>([])

    var items: [SweepItem] { kept.withLock { $0 } }

    func add(_ item: SweepItem) { kept.withLock { $0.append(item) } }
}

extension TestStore {
    func sweeper(
        _ policy: RetentionPolicy, metrics: RetentionMetrics = RetentionMetrics(),
        logger: Logger = Logger(label: "retention") { _ in SwiftLogNoOpLogHandler() }
    ) -> RetentionSweeper {
        RetentionSweeper(store: self, policy: policy, metrics: metrics, logger: logger, now: { Self.now })
    }

    @discardableResult
    func sweep(_ policy: RetentionPolicy, dryRun: Bool = false) async throws -> SweepSummary {
        try await sweeper(policy).sweep(dryRun: dryRun)
    }
}

extension RetentionPolicy {
    /// Keeps two builds, and what is younger than ten days.
    static let small = RetentionPolicy(keepBuilds: 2, keepFor: .seconds(10 * day))
}
