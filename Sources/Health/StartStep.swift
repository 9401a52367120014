package import Logging
import Synchronization

/// Something to be done once after each start before pushes may come in, for which a disk can keep the server waiting.
///
/// Whoever asks does it, or joins whoever does: it never runs twice at a time. After a failure, the next one who asks tries again.
package final class StartStep: Sendable {
    /// How far it has come.
    package enum Outcome: Sendable {
        case done
        /// As it failed last.
        case failed(any Error)
        /// Nobody knows yet how it ends.
        case running
    }

    private struct State {
        var isDone = false
        var isRunning = false
        var waiters: [UInt64: Once<Outcome>] = [:]
        var lastWaiter: UInt64 = 0
    }

    /// What it is called in the log, such as "opening the object store".
    package let name: String
    private let logger: Logger
    private let work: @Sendable () async throws -> Void
    private let state = Mutex(State())

    /// Makes a step; nothing is done yet.
    ///
    /// - Parameters:
    ///   - name: What it is called in the log, such as "opening the object store".
    ///   - logger: Told when it takes long; a failure is for those who ask.
    ///   - work: Does it; may be called again after it has thrown.
    package init(name: String, logger: Logger, work: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.logger = logger
        self.work = work
    }

    /// Whether it has been done.
    ///
    /// Memory only.
    package var isDone: Bool { state.withLock(\.isDone) }

    /// Does it, unless it is done, and waits for its end, but only so long.
    ///
    /// - Parameter limit: How long to wait; it goes on after that, and when the task is cancelled.
    /// - Returns: How far it has come.
    package func outcome(within limit: Duration) async -> Outcome {
        let waiter = Once<Outcome>()
        let place = state.withLock { state -> (number: UInt64, begins: Bool)? in
            if state.isDone { return nil }
            state.lastWaiter += 1
            state.waiters[state.lastWaiter] = waiter
            defer { state.isRunning = true }
            return (state.lastWaiter, !state.isRunning)
        }
        guard let place else { return .done }
        // Not a child of whoever asks first: its end may come long after they have stopped waiting.
        if place.begins { Task.detached { [self] in await attempt() } }
        let timer = Task {
            try await Task.sleep(for: limit)
            waiter.set(.running)
        }
        defer {
            timer.cancel()
            state.withLock { $0.waiters[place.number] = nil }
        }
        return await waiter.value(whenCancelled: .running)
    }

    private func attempt() async {
        let outcome: Outcome
        do {
            try await SlowStart.told(name, logger, work)
            outcome = .done
        } catch {
            outcome = .failed(error)
        }
        let waiters = state.withLock { state in
            state.isRunning = false
            if case .done = outcome { state.isDone = true }
            return state.waiters.values.map(\.self)
        }
        for waiter in waiters { waiter.set(outcome) }
    }
}
