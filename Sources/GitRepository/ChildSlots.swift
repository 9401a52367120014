import Glibc
import Synchronization

/// How many git children of one sort may run at any time; who comes when all are taken waits in line.
final class ChildSlots: Sendable {
    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var free: Int
        var lastID: UInt64 = 0
        var waiting: [Waiter] = []
    }

    private let state: Mutex<State>

    /// Makes free slots.
    ///
    /// - Parameter count: How many; fewer than one would make everybody wait for ever, so one is the least.
    init(_ count: Int) {
        state = Mutex(State(free: max(count, 1)))
    }

    /// The usual number: children wait for disks and clients most of their time, each may take
    /// ``ChildLimits/dataBytes``.
    static var usualCount: Int { max(8, 4 * sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// How many wait.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Waits for a slot, first come first served, and keeps it while `body` runs.
    ///
    /// - Throws: `CancellationError` when cancelled while waiting, or what `body` throws.
    func withSlot<R>(_ body: () async throws -> R) async throws -> R {
        try await take()
        defer { give() }
        return try await body()
    }

    private func take() async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<Void, any Error>? = state.withLock { state in
                    // The handler below finds the waiter if the cancellation comes after this look.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.free > 0 {
                        state.free -= 1
                        return .success(())
                    }
                    state.waiting.append(Waiter(id: id, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let waiter: Waiter? = state.withLock { state in
                state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Gives the slot to the first in line, or back.
    private func give() {
        let next: Waiter? = state.withLock { state in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.continuation.resume()
    }
}
