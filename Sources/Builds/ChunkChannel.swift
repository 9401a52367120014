import Synchronization

/// Hands chunks from a producer to a consumer, one at a time, so that the faster side waits for the slower.
///
/// Both are tasks: a thread that waited here could be the one that the other side needs. Memory is bounded by one
/// chunk.
final class ChunkChannel: Sendable {
    private struct State {
        var chunk: [UInt8]?
        var isFinished = false
        var failure: (any Error)?
        var tasks: [CheckedContinuation<Void, Never>] = []

        var blocksProducer: Bool { chunk != nil && failure == nil }
        var blocksConsumer: Bool { chunk == nil && failure == nil && !isFinished }
    }

    private let state = Mutex(State())

    /// Passes on a chunk; suspends while the one before it has not been taken.
    ///
    /// - Throws: What ``fail(_:)`` was given, or `CancellationError`.
    func send(_ chunk: [UInt8]) async throws {
        while try !offer(chunk) {
            try Task.checkCancellation()
            await waitWhile(\.blocksProducer)
        }
    }

    /// Takes the next chunk; `nil` after the last.
    ///
    /// - Throws: What ``fail(_:)`` was given, or `CancellationError`.
    func next() async throws -> [UInt8]? {
        while true {
            let chunk = try change { state throws -> [UInt8]? in
                if let failure = state.failure { throw failure }
                return state.chunk.take()
            }
            if let chunk { return chunk }
            if state.withLock({ $0.isFinished && $0.chunk == nil }) { return nil }
            try Task.checkCancellation()
            await waitWhile(\.blocksConsumer)
        }
    }

    /// Says that no chunk follows.
    func finish() { change { $0.isFinished = true } }

    /// Ends both sides with `error`; the first error stays.
    func fail(_ error: any Error) { change { $0.failure = $0.failure ?? error } }

    private func offer(_ chunk: [UInt8]) throws -> Bool {
        try change { state in
            if let failure = state.failure { throw failure }
            guard state.chunk == nil else { return false }
            state.chunk = chunk
            return true
        }
    }

    private func waitWhile(_ isBlocked: @Sendable (State) -> Bool) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A cancellation before this sees no continuation to wake; one after it does.
                let waits = state.withLock { state in
                    guard isBlocked(state), !Task.isCancelled else { return false }
                    state.tasks.append(continuation)
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            change { _ in }
        }
    }

    /// Changes the state and wakes all who wait, who then look again.
    private func change<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
        defer {
            for task in state.withLock({ $0.tasks.takeAll() }) { task.resume() }
        }
        return try state.withLock { try body(&$0) }
    }
}

extension Array {
    fileprivate mutating func takeAll() -> [Element] {
        defer { removeAll() }
        return self
    }
}
