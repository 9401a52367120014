import Logging
import Synchronization

/// One dependency under watch: its record, the check that runs, and who waits for it.
final class DependencyWatch: Sendable {
    /// What a caller that joined the running check learns.
    enum Verdict: Sendable {
        case ok
        case failed
        /// The caller's own time is over.
        case gaveUp
    }

    private struct Flight {
        let number: UInt64
        let startedAt: ContinuousClock.Instant
        var waiters: [Once<Verdict>] = []
        var timer: Task<Void, Never>?
    }

    private struct State {
        var record: DependencyRecord
        var flight: Flight?
        var flights: UInt64 = 0
        var abandoned = 0
        var nextCheck: ContinuousClock.Instant?
    }

    let check: any HealthCheck
    private let schedule: MonitorSchedule
    private let clock: HealthClock
    private let metrics: DependencyMetrics
    private let log: TransitionLog
    private let state: Mutex<State>

    init(check: any HealthCheck, schedule: MonitorSchedule, clock: HealthClock, logger: Logger) {
        self.check = check
        self.schedule = schedule
        self.clock = clock
        metrics = DependencyMetrics(dependency: check.name)
        log = TransitionLog(check: check, logger: logger)
        state = Mutex(State(record: DependencyRecord(schedule: schedule, now: clock.now())))
    }

    /// What is known now.
    var status: DependencyStatus {
        let now = clock.now()
        return state.withLock {
            $0.record.status(of: check, at: now, abandoned: hanging($0), nextCheck: $0.nextCheck)
        }
    }

    /// How many checks hang: those that were given up here, or their threads where the check itself gave up first.
    private func hanging(_ state: State) -> Int { max(state.abandoned, check.stuckThreads) }

    /// Looks at the record without copying it.
    func known<Answer: Sendable>(_ question: (DependencyRecord) -> Answer) -> Answer {
        state.withLock { question($0.record) }
    }

    /// Says when the next check is due; `nil` for now.
    func plan(nextCheck pause: Duration?) {
        let now = clock.now().instant
        state.withLock { $0.nextCheck = pause.map { now + $0 } }
    }

    /// Waits for the check that runs, or for one that is begun now.
    ///
    /// - Returns: ``Verdict/gaveUp`` at once when the calling task is cancelled; the check goes on.
    func join() async -> Verdict {
        let waiter = Once<Verdict>()
        let number = state.withLock { state -> UInt64? in
            if state.flight != nil {
                state.flight?.waiters.append(waiter)
                return nil
            }
            state.flights += 1
            state.flight = Flight(number: state.flights, startedAt: clock.now().instant, waiters: [waiter])
            return state.flights
        }
        if let number { begin(number) }
        return await waiter.value(whenCancelled: .gaveUp)
    }

    private func begin(_ number: UInt64) {
        guard state.withLock({ hanging($0) < schedule.maximumAbandoned }) else {
            end(number, .timedOut(HealthProblem(cause: "no answer; earlier checks still hang")))
            return
        }
        // Not children of the caller: neither its cancellation nor its patience concerns the others who wait.
        let run = Task.detached { [self] in
            do {
                try await check.check()
                ended(number, .ok)
            } catch {
                ended(number, .failed(HealthProblem(error)))
            }
        }
        let timer = Task.detached { [self] in
            guard (try? await clock.sleep(schedule.limit)) != nil else { return }
            expired(number, run)
        }
        let isOver = state.withLock { state in
            guard state.flight?.number == number else { return true }
            state.flight?.timer = timer
            return false
        }
        if isOver { timer.cancel() }
    }

    /// The check came to its end: in time, or long after it was given up.
    private func ended(_ number: UInt64, _ outcome: CheckOutcome) {
        if end(number, outcome) { return }
        state.withLock { state in
            state.abandoned -= 1
            metrics.record(abandoned: hanging(state))
        }
    }

    /// The check's time is over.
    private func expired(_ number: UInt64, _ run: Task<Void, Never>) {
        let problem = HealthProblem(cause: "no answer within \(schedule.limit.inWords)")
        guard end(number, .timedOut(problem), isAbandoned: true) else { return }
        run.cancel()
    }

    /// Takes note of how a check ended, unless it had ended before.
    @discardableResult
    private func end(_ number: UInt64, _ outcome: CheckOutcome, isAbandoned: Bool = false) -> Bool {
        let now = clock.now()
        let end = state.withLock { state -> (waiters: [Once<Verdict>], transition: DependencyTransition?)? in
            guard let flight = state.flight, flight.number == number else { return nil }
            state.flight = nil
            flight.timer?.cancel()
            if isAbandoned { state.abandoned += 1 }
            let took = now.instant - flight.startedAt
            let transition = state.record.observe(outcome, took: took, at: now)
            // Within the lock, so that the last value written is the last one there was.
            metrics.record(
                outcome, took: took, transition: transition, state: state.record.state, abandoned: hanging(state))
            return (flight.waiters, transition)
        }
        guard let end else { return false }
        for waiter in end.waiters { waiter.set(outcome.problem == nil ? .ok : .failed) }
        // Last: a log that blocks keeps nobody waiting.
        log.write(outcome, transition: end.transition)
        return true
    }
}
