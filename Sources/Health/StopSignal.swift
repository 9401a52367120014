import Dispatch

/// Tells a loop on a thread of its own that it is to end, and lets it pause until then.
final class StopSignal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    /// Ends the loop's pause, and all later ones.
    func stop() { semaphore.signal() }

    /// Blocks the calling thread.
    ///
    /// - Parameter duration: How long at most.
    /// - Returns: Whether the loop is to end.
    func wait(for duration: Duration) -> Bool {
        let nanoseconds = Int(max(0, min(duration / .nanoseconds(1), 1e18)))
        guard semaphore.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .success else { return false }
        semaphore.signal()
        return true
    }
}
