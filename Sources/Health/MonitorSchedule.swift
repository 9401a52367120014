/// How often dependencies are checked, and when one counts as down.
package struct MonitorSchedule: Sendable {
    /// Within this a healthy dependency is checked again: each pause is 75 % to 95 % of it, less what a check takes.
    package var interval = Duration.seconds(10)
    /// How long a check may take.
    package var limit = Duration.seconds(2)
    /// So many failures in a row make it down.
    package var failuresUntilDown = 3
    /// Failures for so long make it down, however few.
    package var timeUntilDown = Duration.seconds(20)
    /// The pause after a first failure; each further one doubles it.
    package var firstRetryPause = Duration.seconds(1)
    /// The longest pause while it fails: a recovery shows within this and one check.
    package var longestRetryPause = Duration.seconds(10)
    /// The pause before ``DependencyMonitor/current(neededByPushOnly:freshness:limit:)`` tries again.
    package var gatePause = Duration.milliseconds(200)
    /// So many checks may hang, given up; with these no further one is started.
    package var maximumAbandoned = 2
    /// How many transitions are remembered.
    package var transitionsKept = 50

    package init() {}

    /// The pause before the next check in the background.
    ///
    /// - Parameters:
    ///   - failures: How many checks failed in a row.
    ///   - latency: What the last check took. With the next one as slow, the answer to it must come before this one is too old
    ///     for the gate, or each time some pushes would wait for it.
    ///   - chance: From 0 to 1; spreads the checks, so that many servers do not ask at the same moment.
    /// - Returns: From 75 % to 95 % of what is due, or less after a slow check.
    func pause(afterFailures failures: Int, latency: Duration = .zero, chance: Double) -> Duration {
        let share = 0.75 + 0.2 * min(max(chance, 0), 1)
        guard failures > 0 else { return min(interval * share, max(interval * 0.95 - latency, firstRetryPause)) }
        // 2^20 s is beyond any cap that makes sense.
        let doubled = firstRetryPause * (1 << min(failures - 1, 20))
        return min(doubled, longestRetryPause) * share
    }
}
