import Synchronization

/// A value that is set once, by whoever comes first, and awaited by one task.
final class Once<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case awaited(CheckedContinuation<Value, Never>)
        case set(Value)
    }

    private let state = Mutex<State>(.empty)

    /// Sets the value, unless it is set already.
    func set(_ value: Value) {
        let waiting = state.withLock { state -> CheckedContinuation<Value, Never>? in
            switch state {
            case .empty:
                state = .set(value)
                return nil
            case .awaited(let continuation):
                state = .set(value)
                return continuation
            case .set: return nil
            }
        }
        waiting?.resume(returning: value)
    }

    /// The value, as soon as it is set; to be asked for by one task only.
    ///
    /// - Parameter cancelled: What it is set to when the task is cancelled first.
    /// - Returns: What it was set to first.
    func value(whenCancelled cancelled: Value) async -> Value {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let value = state.withLock { state -> Value? in
                    guard case .set(let value) = state else {
                        state = .awaited(continuation)
                        return nil
                    }
                    return value
                }
                if let value { continuation.resume(returning: value) }
            }
        } onCancel: {
            set(cancelled)
        }
    }
}
