import Synchronization

/// So much of something for all: who wants more than is left waits in line.
final class FairBudget: Sendable {
    private struct Waiting {
        let id: UInt64
        let amount: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var free: Int
        /// First come, first served: who wants much is not passed by for ever by those who want little.
        var line: [Waiting] = []
        var nextID: UInt64 = 0
        /// Cancelled before they came to wait.
        var cancelled: Set<UInt64> = []

        /// Takes those out of the line who can be served.
        mutating func served() -> [Waiting] {
            var served: [Waiting] = []
            while let first = line.first, first.amount <= free {
                free -= first.amount
                served.append(line.removeFirst())
            }
            return served
        }
    }

    private let total: Int
    private let state: Mutex<State>

    /// Makes a budget.
    ///
    /// - Parameter total: How much there is.
    init(_ total: Int) {
        self.total = total
        state = Mutex(State(free: total))
    }

    /// Waits for a share and takes it.
    ///
    /// - Parameter amount: More than there is in all counts as all.
    /// - Returns: What has to be given back.
    /// - Throws: `CancellationError`; nothing is taken then.
    func take(_ amount: Int) async throws -> Int {
        try Task.checkCancellation()
        let amount = min(amount, total)
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome = state.withLock { state -> Result<Void, any Error>? in
                    if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
                    guard state.line.isEmpty, state.free >= amount else {
                        state.line.append(Waiting(id: id, amount: amount, continuation: continuation))
                        return nil
                    }
                    state.free -= amount
                    return .success(())
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let (gone, served) = state.withLock { state -> (Waiting?, [Waiting]) in
                guard let index = state.line.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return (nil, [])
                }
                // There may be enough for those behind.
                return (state.line.remove(at: index), state.served())
            }
            gone?.continuation.resume(throwing: CancellationError())
            for next in served { next.continuation.resume() }
        }
        _ = state.withLock { state in state.cancelled.remove(id) }
        return amount
    }

    /// Gives a share back, to the first in line if there is one.
    ///
    /// - Parameter amount: What ``take(_:)`` returned.
    func give(_ amount: Int) {
        let served = state.withLock { state in
            state.free += amount
            return state.served()
        }
        for next in served { next.continuation.resume() }
    }
}
