package import Logging

/// Knows at any moment how the dependencies are, because it checks them in the background.
///
/// A check runs at most once at a time for each dependency, whoever wants it: the background or
/// ``current(neededByPushOnly:freshness:limit:)``. What either finds counts for both. The background keeps its own
/// pace: a check by `current` neither postpones nor hastens the next one.
package final class DependencyMonitor: Sendable {
    private let watches: [DependencyWatch]
    private let schedule: MonitorSchedule
    private let clock: HealthClock
    private let chance: @Sendable () -> Double

    /// Makes a monitor; nothing is checked yet.
    ///
    /// - Parameters:
    ///   - checks: The dependencies, in the order in which people are to see them. Their names must differ.
    ///   - schedule: How often, and when one counts as down.
    ///   - logger: Gets one line for each transition.
    ///   - clock: The time.
    ///   - chance: Numbers from 0 to 1 that spread the checks.
    package init(
        checks: [any HealthCheck], schedule: MonitorSchedule = MonitorSchedule(), logger: Logger,
        clock: HealthClock = .system, chance: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        watches = checks.map { DependencyWatch(check: $0, schedule: schedule, clock: clock, logger: logger) }
        self.schedule = schedule
        self.clock = clock
        self.chance = chance
    }

    /// Checks all dependencies again and again, each in a task of its own, until the task is cancelled.
    ///
    /// A check that runs then goes on to its end or limit; nobody waits for it.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for watch in watches {
                group.addTask { [schedule, clock, chance] in
                    while !Task.isCancelled {
                        watch.plan(nextCheck: nil)
                        _ = await watch.join()
                        let status = watch.status
                        let pause = schedule.pause(
                            afterFailures: status.consecutiveFailures, latency: status.latency ?? .zero,
                            chance: chance())
                        watch.plan(nextCheck: pause)
                        try? await clock.sleep(pause)
                    }
                    watch.plan(nextCheck: nil)
                }
            }
        }
    }

    /// What is known of each, in the order given.
    ///
    /// Memory only, never waits.
    package var statuses: [DependencyStatus] { watches.map(\.status) }

    /// Whether one of them waits for a step of the start that must come before any push.
    ///
    /// Memory only, never waits.
    package var awaitsStart: Bool { watches.contains(where: \.check.awaitsStart) }

    /// What is known of each now: those not known good lately are checked, together.
    ///
    /// One that is not down yet is tried again after a failure as long as the time allows, so that one flaky answer
    /// does not refuse a push; three failures in a row make it down, which ends the tries. One that is down is checked
    /// once, which may turn it up, unless a check failed within the last second: many pushes at once must not hammer
    /// it.
    ///
    /// - Parameters:
    ///   - neededByPushOnly: Whether to leave out what a push can do without.
    ///   - freshness: How old a good answer may be.
    ///   - limit: How long all this may take.
    /// - Returns: One reading for each, in the order given; soon, with what is known, when the task is cancelled.
    package func current(
        neededByPushOnly: Bool, freshness: Duration, limit: Duration
    ) async -> [DependencyReading] {
        let asked = neededByPushOnly ? watches.filter(\.check.isNeededByPush) : watches
        let now = clock.now()
        let stale = asked.indices.filter { index in
            !asked[index].known { $0.isKnownGood(within: freshness, at: now) }
        }
        // The healthy case ends here: a few locks, no task, no thread but the caller's.
        if stale.isEmpty { return asked.map { DependencyReading(status: $0.status, problem: nil) } }
        let problems = await checked(stale.map { asked[$0] }, limit: limit)
        var readings = asked.map { DependencyReading(status: $0.status, problem: nil) }
        for (index, problem) in zip(stale, problems) {
            readings[index] = DependencyReading(
                status: readings[index].status, problem: problem, awaitsStart: asked[index].check.awaitsStart)
        }
        return readings
    }

    /// Why each is not usable, asked now.
    private func checked(_ asked: [DependencyWatch], limit: Duration) async -> [String?] {
        await withTaskGroup(of: (index: Int, problem: String?)?.self) { group in
            for (index, watch) in asked.enumerated() {
                group.addTask { [self] in (index, await problem(of: watch, limit: limit)) }
            }
            group.addTask { [clock] in
                try? await clock.sleep(limit)
                return nil
            }
            var problems = [String?](repeating: nil, count: asked.count)
            var missing = asked.count
            while missing > 0, let next = await group.next() {
                // The time is over, or the caller is cancelled: those that still wait say what they know.
                guard let next else {
                    group.cancelAll()
                    continue
                }
                problems[next.index] = next.problem
                missing -= 1
            }
            group.cancelAll()
            return problems
        }
    }

    private func problem(of watch: DependencyWatch, limit: Duration) async -> String? {
        let now = clock.now()
        if watch.known({ $0.isKnownDown(within: schedule.firstRetryPause, at: now) }) {
            return watch.known { $0.problem?.cause }
        }
        while true {
            switch await watch.join() {
            case .ok: return nil
            case .gaveUp: return "no answer within \(limit.inWords)"
            case .failed: break
            }
            let (state, cause) = watch.known { ($0.state, $0.problem?.cause) }
            guard let cause else { return nil }
            if state == .down { return cause }
            guard (try? await clock.sleep(schedule.gatePause)) != nil else { return cause }
        }
    }
}
