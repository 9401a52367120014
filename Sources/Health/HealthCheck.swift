/// One thing that Slipway needs and does not own, and how to find out whether it works.
///
/// To add a dependency, write one small type that conforms and hand it to ``DependencyMonitor``.
package protocol HealthCheck: Sendable {
    /// What it is called in metrics, `/healthz` and settings: a DNS label, such as `storage`.
    var name: String { get }

    /// What it is called in sentences, such as "object storage" in "object storage is down".
    var title: String { get }

    /// Whether a push cannot succeed without it.
    var isNeededByPush: Bool { get }

    /// The text of the fault that is simulated on purpose, such as "slow:3s"; `nil` for the real thing.
    var simulated: String? { get }

    /// How many threads are stuck in calls that were given up: a file system that hangs keeps them, although the check has ended.
    ///
    /// Memory only.
    var stuckThreads: Int { get }

    /// Whether a step of the start that must come before any push is not done; until then it fails.
    ///
    /// Memory only.
    var awaitsStart: Bool { get }

    /// Tries it once; returning means that it works.
    ///
    /// It is cancelled when it takes too long, and abandoned when that does not end it. It never runs twice at a time
    /// unless an earlier run was abandoned.
    ///
    /// - Throws: ``HealthProblem``; other errors count as well, but only the log tells what they were.
    func check() async throws
}

extension HealthCheck {
    package var simulated: String? { nil }
    package var stuckThreads: Int { 0 }
    package var awaitsStart: Bool { false }
}
