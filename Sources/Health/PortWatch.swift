package import Logging
import Synchronization

/// Dials the SSH port again and again, on a thread of its own, so that probes can say whether it really answers.
package final class PortWatch: Sendable {
    /// How often to look for a port while there is none: a start is noticed soon.
    private static let searchPause = Duration.milliseconds(250)

    private struct State {
        var reading: DialReading
        var ended: ContinuousClock.Instant?
    }

    private let target: @Sendable () -> DialTarget?
    private let period: Duration
    private let limit: Duration
    private let onBound: @Sendable (UInt16) -> Void
    private let onEnd: @Sendable (UInt16) -> Void
    private let logger: Logger
    private let metrics = DialMetrics()
    private let state: Mutex<State>

    /// Makes a watch that has not dialled yet.
    ///
    /// - Parameters:
    ///   - target: Where to dial; `nil` while nothing listens. Must not wait.
    ///   - period: The pause between two dials.
    ///   - limit: How long a dial may take.
    ///   - onBound: As in ``SSHPortDial``.
    ///   - onEnd: As in ``SSHPortDial``.
    ///   - logger: Gets one line when the port ceases to answer, and one when it does so again.
    package init(
        target: @escaping @Sendable () -> DialTarget?, period: Duration = .seconds(5), limit: Duration = .seconds(2),
        onBound: @escaping @Sendable (UInt16) -> Void = { _ in },
        onEnd: @escaping @Sendable (UInt16) -> Void = { _ in }, logger: Logger
    ) {
        self.target = target
        self.period = period
        self.limit = limit
        self.onBound = onBound
        self.onEnd = onEnd
        self.logger = logger
        state = Mutex(State(reading: Self.nothing(period: period)))
    }

    /// What the last dial found.
    ///
    /// Memory only.
    package var latest: DialReading { latest(at: .now) }

    func latest(at now: ContinuousClock.Instant) -> DialReading {
        let state = state.withLock { $0 }
        var reading = state.reading
        reading.age = state.ended.map { now - $0 }
        return reading
    }

    /// Dials until the task is cancelled; returns at once then.
    ///
    /// A dial under way ends by itself.
    package func run() async {
        await BackgroundThread.runUntilCancelled(name: "ssh-dial") { [self] in dial(until: $0) }
    }

    private func dial(until signal: StopSignal) {
        while true {
            guard let target = target() else {
                state.withLock { $0 = State(reading: Self.nothing(period: period)) }
                if signal.wait(for: Self.searchPause) { return }
                continue
            }
            let start = ContinuousClock.now
            let result = SSHPortDial(target: target, limit: limit, onBound: onBound, onEnd: onEnd).run()
            let now = ContinuousClock.now
            if case .ok(let latency) = result {
                metrics.record(result, took: latency)
            } else {
                metrics.record(result, took: now - start)
            }
            note(result, at: now)
            if signal.wait(for: period) { return }
        }
    }

    private func note(_ result: DialResult, at now: ContinuousClock.Instant) {
        let (before, after) = state.withLock { state in
            let before = state.reading
            var reading = before
            reading.isListening = true
            reading.last = result
            reading.age = .zero
            reading.failuresInARow = result.isOK ? 0 : before.failuresInARow + 1
            reading.hasAnswered = before.hasAnswered || result.isOK
            state = State(reading: reading, ended: now)
            return (before, reading)
        }
        let wasTroubled = before.last != nil && before.problem != nil
        switch (wasTroubled, after.problem) {
        case (false, let problem?): logger.error("The SSH port does not answer", metadata: ["cause": "\(problem)"])
        case (true, nil): logger.notice("The SSH port answers again")
        default: break
        }
    }

    private static func nothing(period: Duration) -> DialReading {
        DialReading(isListening: false, last: nil, age: nil, hasAnswered: false, period: period)
    }
}
