import Synchronization
import TestSupport

@testable import Health

/// A clock that stands still until a test moves it.
final class ManualClock: Sendable {
    private struct Sleeper {
        let number: Int
        let pause: Duration
        let due: Duration
        let woken: Once<Bool>
    }

    private struct State {
        var elapsed = Duration.zero
        var sleepers: [Sleeper] = []
        var count = 0
    }

    /// 2026-07-04T14:02:00Z.
    static let start = WallTime(secondsSinceEpoch: 1_783_173_720)

    private let origin = ContinuousClock.now
    private let state = Mutex(State())

    var clock: HealthClock { HealthClock(now: { self.moment }, sleep: { try await self.sleep($0) }) }

    var moment: HealthClock.Moment {
        let elapsed = state.withLock { $0.elapsed }
        return HealthClock.Moment(instant: origin + elapsed, wall: Self.start.advanced(by: elapsed))
    }

    /// Moves on and wakes whoever is due.
    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.elapsed += duration
            let due = state.sleepers.filter { $0.due <= state.elapsed }
            state.sleepers.removeAll { $0.due <= state.elapsed }
            return due
        }
        for sleeper in due { sleeper.woken.set(true) }
    }

    /// Waits until somebody sleeps for that long, then moves on by as much.
    func pass(_ pause: Duration) async throws {
        try await eventually("somebody sleeps for \(pause)") {
            sleeping(for: pause) > 0
        }
        advance(by: pause + .microseconds(1))
    }

    /// How many sleep for that long, give or take what multiplying a duration loses.
    func sleeping(for pause: Duration) -> Int {
        state.withLock { $0.sleepers.count { abs(($0.pause - pause) / .microseconds(1)) < 1 } }
    }

    private func sleep(_ pause: Duration) async throws {
        let woken = Once<Bool>()
        let number = state.withLock { state in
            state.count += 1
            state.sleepers.append(
                Sleeper(number: state.count, pause: pause, due: state.elapsed + pause, woken: woken))
            return state.count
        }
        guard await woken.value(whenCancelled: false) else {
            state.withLock { $0.sleepers.removeAll { $0.number == number } }
            throw CancellationError()
        }
    }
}
