import NIOCore
import NIOPosix
import Synchronization

/// Bytes on their way from a task that reads to one that takes them.
final class Mailbox: Sendable {
    /// What is there to take.
    enum Piece: Sendable, Equatable {
        case bytes([UInt8])
        case end
        /// Nothing came for as long as was to be waited.
        case silence
    }

    private typealias Waiter = CheckedContinuation<Piece, any Error>

    private struct State {
        var bytes: [UInt8] = []
        var ending: Result<Piece, any Error>?
        var waiter: Waiter?
        var deadline = ContinuousClock.now
        /// The reader, while there is no room for more.
        var producer: CheckedContinuation<Void, Never>?
        /// When the timer goes off; nil without one.
        ///
        /// One for all waits: a cancelled `Task.sleep` stays in memory until its time, and a log may have a hundred
        /// thousand pieces in that time. Only a wait that ends before it gets another.
        var timer: ContinuousClock.Instant?
        var isCancelled = false
        var isClosed = false
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// Makes an empty one.
    ///
    /// - Parameter capacity: Bytes at which the reader has to wait.
    init(capacity: Int) { self.capacity = capacity }

    /// Puts bytes in, and waits while there are too many.
    ///
    /// - Returns: False when nobody will take them.
    func put(_ bytes: [UInt8]) async -> Bool {
        let (waiter, isFull) = state.withLock { state -> (Waiter?, Bool) in
            if let waiter = state.waiter.take() { return (waiter, false) }
            state.bytes += bytes
            return (nil, state.bytes.count >= capacity)
        }
        waiter?.resume(returning: .bytes(bytes))
        if isFull {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    guard state.bytes.count >= capacity, !state.isClosed else { return false }
                    state.producer = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        }
        return state.withLock { !$0.isClosed }
    }

    /// Notes that nothing more comes.
    ///
    /// - Parameter error: Why, if the connection broke.
    func finish(_ error: (any Error)?) {
        let ending: Result<Piece, any Error> = error.map { .failure($0) } ?? .success(.end)
        let waiter = state.withLock { state in
            state.ending = ending
            return state.waiter.take()
        }
        waiter?.resume(with: ending)
    }

    /// Notes that nobody takes anything any more.
    func close() {
        let producer = state.withLock { state in
            state.isClosed = true
            return state.producer.take()
        }
        producer?.resume()
    }

    /// Whether somebody waits for bytes.
    var isAwaited: Bool { state.withLock { $0.waiter != nil } }

    /// Takes all that is there, or waits for it; by one task at a time.
    ///
    /// - Parameter limit: How long to wait.
    /// - Returns: What there is, or that nothing came.
    /// - Throws: The error that ended the bytes, `CancellationError`.
    func take(within limit: Duration) async throws -> Piece {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in wait(waiter, until: .now + limit) }
        } onCancel: {
            let waiter = state.withLock { state in
                state.isCancelled = true
                return state.waiter.take()
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    private func wait(_ waiter: Waiter, until deadline: ContinuousClock.Instant) {
        typealias Outcome = (Result<Piece, any Error>?, CheckedContinuation<Void, Never>?, Bool)
        let (result, producer, needsTimer) = state.withLock { state -> Outcome in
            let producer = state.producer.take()
            if state.isCancelled { return (.failure(CancellationError()), producer, false) }
            if !state.bytes.isEmpty {
                defer { state.bytes = [] }
                return (.success(.bytes(state.bytes)), producer, false)
            }
            if let ending = state.ending { return (ending, producer, false) }
            state.waiter = waiter
            state.deadline = deadline
            if let timer = state.timer, timer <= deadline { return (nil, producer, false) }
            state.timer = deadline
            return (nil, producer, true)
        }
        producer?.resume()
        if let result { waiter.resume(with: result) }
        if needsTimer { setTimer(until: deadline) }
    }

    private func setTimer(until deadline: ContinuousClock.Instant) {
        let time = max(deadline - .now, .zero)
        MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: TimeAmount(time)) { [weak self] in
            self?.expire(deadline)
        }
    }

    private func expire(_ timer: ContinuousClock.Instant) {
        let (waiter, next) = state.withLock { state -> (Waiter?, ContinuousClock.Instant?) in
            // An earlier one took its place.
            guard state.timer == timer else { return (nil, nil) }
            state.timer = nil
            guard state.waiter != nil else { return (nil, nil) }
            guard ContinuousClock.now >= state.deadline else {
                state.timer = state.deadline
                return (nil, state.deadline)
            }
            return (state.waiter.take(), nil)
        }
        waiter?.resume(returning: .silence)
        if let next { setTimer(until: next) }
    }
}
