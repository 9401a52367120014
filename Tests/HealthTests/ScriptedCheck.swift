import Synchronization

@testable import Health

/// A check that does what a test tells it.
final class ScriptedCheck: HealthCheck {
    enum Step: Sendable {
        case succeed
        case fail(String)
        /// Until cancelled.
        case hang
        /// Until released, whoever cancels.
        case hangDeaf
    }

    private struct State {
        var steps: [Step]
        var runs = 0
        var running = 0
        var mostRunning = 0
        var hanging: [CheckedContinuation<Void, Never>] = []
        var stuckThreads = 0
    }

    let name: String
    let title: String
    let isNeededByPush: Bool
    let simulated: String?
    private let state: Mutex<State>

    /// Makes a check that takes the steps, one for each run; the last one holds for all further ones.
    init(
        _ steps: Step..., name: String = "storage", title: String = "object storage", isNeededByPush: Bool = true,
        simulated: String? = nil
    ) {
        self.name = name
        self.title = title
        self.isNeededByPush = isNeededByPush
        self.simulated = simulated
        state = Mutex(State(steps: steps))
    }

    var runs: Int { state.withLock { $0.runs } }
    var mostRunning: Int { state.withLock { $0.mostRunning } }
    var hanging: Int { state.withLock { $0.hanging.count } }

    var stuckThreads: Int {
        get { state.withLock { $0.stuckThreads } }
        set { state.withLock { $0.stuckThreads = newValue } }
    }

    /// What all further runs do.
    func become(_ step: Step) { state.withLock { $0.steps = [step] } }

    /// Ends all deaf ones.
    func release() {
        let hanging = state.withLock { state in
            defer { state.hanging = [] }
            return state.hanging
        }
        for continuation in hanging { continuation.resume() }
    }

    func check() async throws {
        let step = state.withLock { state in
            state.runs += 1
            state.running += 1
            state.mostRunning = max(state.mostRunning, state.running)
            return state.steps.count > 1 ? state.steps.removeFirst() : state.steps[0]
        }
        defer { state.withLock { $0.running -= 1 } }
        switch step {
        case .succeed: return
        case .fail(let cause): throw HealthProblem(cause: cause, detail: "detail of \(cause)")
        case .hang:
            await Once<Void>().value(whenCancelled: ())
            throw CancellationError()
        case .hangDeaf:
            await withCheckedContinuation { continuation in state.withLock { $0.hanging.append(continuation) } }
        }
    }
}
