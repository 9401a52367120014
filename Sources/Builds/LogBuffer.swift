import Synchronization

/// Holds what a build wrote until it is stored; whoever writes waits while it is full.
///
/// All who wait are tasks: a thread that waited here could be the one that the other side needs.
final class LogBuffer: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        /// When the first of `bytes` came.
        var since: ContinuousClock.Instant?
        /// Whether the first of `bytes` has waited long enough.
        var isDue = false
        var isFinished = false
        var failure: (any Error)?
        var taken: (parts: Int, bytes: Int64) = (0, 0)
        var waiters: [Waiter] = []
    }

    private struct Waiter {
        let isBlocked: @Sendable (State) -> Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    private let capacity: Int
    private let delay: Duration
    private let state = Mutex(State())

    /// Makes an empty buffer.
    ///
    /// - Parameters:
    ///   - capacity: The most bytes in it.
    ///   - delay: How long the first byte waits for more before it is given out.
    init(capacity: Int, delay: Duration) {
        self.capacity = capacity
        self.delay = delay
    }

    /// How much ``next()`` has given out so far, and what is there now.
    var total: (parts: Int, bytes: Int64) {
        state.withLock { ($0.taken.parts, $0.taken.bytes + Int64($0.bytes.count)) }
    }

    /// Adds bytes; suspends until there is room for all of them.
    ///
    /// - Throws: What ``fail(_:)`` was given; `CancellationError`, also after ``finish()``.
    func append(_ chunk: [UInt8]) async throws {
        var rest = chunk[...]
        while !rest.isEmpty {
            rest = try offer(rest)
            guard !rest.isEmpty else { return }
            try await wait { [capacity] in $0.bytes.count >= capacity && $0.failure == nil && !$0.isFinished }
        }
    }

    /// Takes what is there, as soon as it is all that fits, its first byte has waited long enough or no more comes.
    ///
    /// - Returns: The bytes, none only if they are the last.
    /// - Throws: `CancellationError`.
    func next() async throws -> (bytes: [UInt8], isLast: Bool) {
        try await wait { $0.bytes.isEmpty && !$0.isFinished }
        let alarm = state.withLock(\.since).map { [delay] since in
            Task {
                try await Task.sleep(until: since + delay, clock: .continuous)
                change { $0.isDue = true }
            }
        }
        defer { alarm?.cancel() }
        try await wait { [capacity] in $0.bytes.count < capacity && !$0.isDue && !$0.isFinished }
        return take()
    }

    /// Takes what is there once no more comes.
    ///
    /// - Throws: `CancellationError`.
    func rest() async throws -> [UInt8] {
        try await wait { !$0.isFinished }
        return take().bytes
    }

    /// Says that no bytes follow.
    func finish() { change { $0.isFinished = true } }

    /// Ends those who write with `error`; the first error stays.
    func fail(_ error: any Error) { change { $0.failure = $0.failure ?? error } }

    private func offer(_ chunk: ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
        try change { state in
            if let failure = state.failure { throw failure }
            guard !state.isFinished else { throw CancellationError() }
            if state.bytes.isEmpty { state.since = .now }
            let room = capacity - state.bytes.count
            state.bytes += chunk.prefix(room)
            return chunk.dropFirst(room)
        }
    }

    private func take() -> (bytes: [UInt8], isLast: Bool) {
        change { state in
            let bytes = state.bytes
            state.bytes = []
            state.since = nil
            state.isDue = false
            state.taken = (state.taken.parts + 1, state.taken.bytes + Int64(bytes.count))
            return (bytes, state.isFinished)
        }
    }

    /// Waits until `isBlocked` is false.
    private func wait(while isBlocked: @escaping @Sendable (State) -> Bool) async throws {
        while state.withLock({ isBlocked($0) }) {
            try Task.checkCancellation()
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    // A cancellation before this sees no continuation to wake; one after it does.
                    let waits = state.withLock { state in
                        guard isBlocked(state), !Task.isCancelled else { return false }
                        state.waiters.append(Waiter(isBlocked: isBlocked, continuation: continuation))
                        return true
                    }
                    if !waits { continuation.resume() }
                }
            } onCancel: {
                wake { _, _ in true }
            }
        }
    }

    /// Changes the state and wakes those who wait for what it is now.
    private func change<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
        let result = try state.withLock { try body(&$0) }
        wake { !$0.isBlocked($1) }
        return result
    }

    private func wake(_ isWoken: (Waiter, State) -> Bool) {
        let woken = state.withLock { state -> [Waiter] in
            guard !state.waiters.isEmpty else { return [] }
            let waiters = state.waiters
            state.waiters = waiters.filter { !isWoken($0, state) }
            return waiters.filter { isWoken($0, state) }
        }
        for waiter in woken { waiter.continuation.resume() }
    }
}
