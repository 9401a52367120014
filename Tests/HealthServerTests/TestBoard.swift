import Health
import Synchronization

@testable import HealthServer

/// A board whose readings a test sets; what they mean for a probe is decided by the real rules.
final class TestBoard: ProbeBoard {
    static let allWell = ReadinessInputs(
        circuitIsClosed: true, circuitHasBeenClosed: true,
        dial: DialReading(last: .ok(latency: .milliseconds(1)), age: .seconds(1)),
        slots: SlotsReading(count: 3, limit: 64, isFull: false))

    private struct State {
        var inputs = TestBoard.allWell
        var dependencies: [ProbeCheck] = []
        var gate: AsyncStream<Void>?
    }

    private let state = Mutex(State())

    /// What the probes look at.
    var inputs: ReadinessInputs {
        get { state.withLock { $0.inputs } }
        set { state.withLock { $0.inputs = newValue } }
    }

    /// What `/healthz` says of dependencies.
    var dependencies: [ProbeCheck] {
        get { state.withLock { $0.dependencies } }
        set { state.withLock { $0.dependencies = newValue } }
    }

    /// Holds up `/healthz` until it ends.
    var gate: AsyncStream<Void>? {
        get { state.withLock { $0.gate } }
        set { state.withLock { $0.gate = newValue } }
    }

    func livez() -> [ProbeCheck] { Readiness.livez(inputs) }
    func readyz() -> [ProbeCheck] { Readiness.readyz(inputs) }
    func startupz() -> [ProbeCheck] { Readiness.startupz(inputs) }

    func healthz() async -> [ProbeCheck] {
        if let gate { for await _ in gate {} }
        return [Readiness.ssh(inputs)] + dependencies
    }
}
