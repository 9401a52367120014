/// What is remembered of one dependency, and the rule by which it goes up and down.
///
/// Pure: no clock, no log.
struct DependencyRecord: Sendable {
    private let schedule: MonitorSchedule
    private(set) var state = DependencyState.unknown
    private(set) var since: HealthClock.Moment
    private(set) var consecutiveFailures = 0
    private(set) var problem: HealthProblem?
    private(set) var transitions: [DependencyTransition] = []
    private var lastCheck: HealthClock.Moment?
    private var lastSuccess: HealthClock.Moment?
    private var firstFailure: HealthClock.Moment?
    private var latency: Duration?
    private var history = HistoryStrip()

    /// Begins with nothing known.
    init(schedule: MonitorSchedule, now: HealthClock.Moment) {
        self.schedule = schedule
        since = now
    }

    /// Takes note of a check that ended.
    ///
    /// - Parameters:
    ///   - outcome: How it ended.
    ///   - duration: How long it took.
    ///   - now: When it ended.
    /// - Returns: The transition, if the state changed.
    mutating func observe(
        _ outcome: CheckOutcome, took duration: Duration, at now: HealthClock.Moment
    ) -> DependencyTransition? {
        lastCheck = now
        latency = duration
        problem = outcome.problem
        history.record(success: outcome.problem == nil, at: now.wall)
        guard outcome.problem != nil else {
            lastSuccess = now
            firstFailure = nil
            consecutiveFailures = 0
            return enter(.up, at: now)
        }
        consecutiveFailures += 1
        let start = firstFailure ?? now
        firstFailure = start
        let isDown =
            consecutiveFailures >= schedule.failuresUntilDown
            || now.instant - start.instant >= schedule.timeUntilDown
        return isDown ? enter(.down, at: now) : nil
    }

    /// Whether the last check succeeded, not longer ago than `limit`.
    func isKnownGood(within limit: Duration, at now: HealthClock.Moment) -> Bool {
        guard state == .up, problem == nil, let lastCheck else { return false }
        return now.instant - lastCheck.instant <= limit
    }

    /// Whether it is down, and a check said so not longer ago than `limit`.
    func isKnownDown(within limit: Duration, at now: HealthClock.Moment) -> Bool {
        guard state == .down, problem != nil, let lastCheck else { return false }
        return now.instant - lastCheck.instant <= limit
    }

    private mutating func enter(_ next: DependencyState, at now: HealthClock.Moment) -> DependencyTransition? {
        guard state != next else { return nil }
        let transition = DependencyTransition(
            at: now.wall, was: state, is: next, lasted: now.instant - since.instant, cause: problem?.cause)
        state = next
        since = now
        transitions.append(transition)
        transitions.removeFirst(max(0, transitions.count - schedule.transitionsKept))
        return transition
    }
}

extension DependencyRecord {
    /// A snapshot for readers.
    ///
    /// - Parameters:
    ///   - check: Whose record this is.
    ///   - now: The moment.
    ///   - abandoned: How many checks were given up and still hang.
    ///   - nextCheck: When the next one is due.
    /// - Returns: All that is known at that moment.
    func status(
        of check: any HealthCheck, at now: HealthClock.Moment, abandoned: Int, nextCheck: ContinuousClock.Instant?
    ) -> DependencyStatus {
        DependencyStatus(
            name: check.name, title: check.title, isNeededByPush: check.isNeededByPush, state: state, since: since.wall,
            lasting: now.instant - since.instant, lastCheck: lastCheck?.wall, lastSuccess: lastSuccess?.wall,
            lastCheckAge: lastCheck.map { now.instant - $0.instant }, latency: latency, cause: problem?.cause,
            consecutiveFailures: consecutiveFailures, abandonedChecks: abandoned,
            nextCheck: nextCheck.map { max(.zero, $0 - now.instant) }, history: history.buckets(until: now.wall),
            transitions: transitions, simulated: check.simulated)
    }
}
