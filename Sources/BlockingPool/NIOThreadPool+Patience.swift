package import NIOPosix
import Synchronization

extension NIOThreadPool {
    /// See ``runToEnd(within:_:)``.
    package static let queuePatience = 4

    /// How many threads are held by work of ``runToEnd(within:_:)`` that was given up.
    ///
    /// Memory only.
    package var stuckThreads: Int { StuckThreads.of(self).count.load(ordering: .relaxed) }

    /// Runs blocking work to its end, but waits for it only so long.
    ///
    /// A file system that hangs keeps the thread, and nothing can take it back; the caller must not hang with it. Work that was
    /// given up still ends some day, so it must leave nothing half-done when nobody waits for it any more.
    ///
    /// - Parameters:
    ///   - patience: How long the work may take once it has a thread; for one it may wait ``queuePatience`` times as long, because
    ///     others' work that takes its time is no hang.
    ///   - work: May block.
    /// - Returns: What `work` returns.
    /// - Throws: ``PoolWorkHangs``; what `work` throws; ``PoolStopped``.
    package func runToEnd<Success: Sendable>(
        within patience: Duration, _ work: @escaping @Sendable () throws -> Success
    ) async throws -> Success {
        let once = Once<Success>(StuckThreads.of(self))
        // Not a child task: nobody may have to wait for it.
        let alarm = Task {
            try await SteppedSleep.sleep(for: patience)
            let queueEnd = ContinuousClock.now + patience * (Self.queuePatience - 1)
            while true {
                let deadline = once.begun.map { $0 + patience } ?? queueEnd
                if deadline <= .now { break }
                // Whoever has just got a thread has all its time before it.
                try await Task.sleep(for: min(deadline - .now, patience))
            }
            once.giveUp()
            once.resume(.failure(PoolWorkHangs(patience: patience)))
        }
        defer { alarm.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            once.set(continuation)
            submit { state in
                switch state {
                case .active:
                    // Whoever asked for it has gone: what was not begun need not be.
                    guard once.begin() else { return }
                    let result = Result(catching: work)
                    once.end()
                    once.resume(result)
                case .cancelled: once.resume(.failure(PoolStopped()))
                }
            }
        }
    }
}

/// A continuation that two may resume, and the first does.
private final class Once<Success: Sendable>: Sendable {
    private enum State {
        case new
        case waiting(CheckedContinuation<Success, any Error>)
        case early(Result<Success, any Error>)
        case done
    }

    private struct Work {
        var begun: ContinuousClock.Instant?
        var isGivenUp = false
        var hasEnded = false
        var isStuck = false
    }

    private let state = Mutex(State.new)
    private let work = Mutex(Work())
    private let stuck: StuckThreads

    init(_ stuck: StuckThreads) { self.stuck = stuck }

    /// When the work got its thread.
    var begun: ContinuousClock.Instant? { work.withLock { $0.begun } }

    /// Notes that the work has its thread.
    ///
    /// - Returns: Whether it is still waited for; if not, it must not be done.
    func begin() -> Bool {
        work.withLock { work in
            guard !work.isGivenUp else { return false }
            work.begun = .now
            return true
        }
    }

    /// Notes that nobody waits for the work any more: if it has a thread, that one is stuck.
    func giveUp() {
        work.withLock { work in
            work.isGivenUp = true
            guard work.begun != nil, !work.hasEnded else { return }
            work.isStuck = true
            stuck.count.add(1, ordering: .relaxed)
        }
    }

    /// Notes that the work has ended, and its thread is free.
    func end() {
        work.withLock { work in
            work.hasEnded = true
            if work.isStuck { stuck.count.subtract(1, ordering: .relaxed) }
        }
    }

    func set(_ continuation: CheckedContinuation<Success, any Error>) {
        let early: Result<Success, any Error>? = state.withLock { state in
            guard case .early(let result) = state else {
                state = .waiting(continuation)
                return nil
            }
            state = .done
            return result
        }
        if let early { continuation.resume(with: early) }
    }

    func resume(_ result: Result<Success, any Error>) {
        let continuation: CheckedContinuation<Success, any Error>? = state.withLock { state in
            switch state {
            case .new:
                state = .early(result)
            case .waiting(let continuation):
                state = .done
                return continuation
            case .early, .done:
                break
            }
            return nil
        }
        continuation?.resume(with: result)
    }
}
