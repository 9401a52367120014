import NIOCore

/// Measures how late an event loop comes to its timers: how long anything else on it has to wait.
struct LoopLag: Sendable {
    /// Often enough to see a loop that is held up, rarely enough to cost nothing.
    private static let period = TimeAmount.seconds(1)
    /// So many delays are looked back on for the longest: 15 s, the usual time between two scrapes.
    private static let delaysKept = 15

    let loop: any EventLoop
    let metrics: HealthServerMetrics

    /// Measures until the loop is shut down.
    func start() { wait(after: []) }

    private func wait(after delays: [TimeAmount]) {
        let due = NIODeadline.now() + Self.period
        loop.scheduleTask(deadline: due) {
            let delays = Array(delays.suffix(Self.delaysKept - 1)) + [max(.zero, NIODeadline.now() - due)]
            metrics.woke(secondsLate: Double((delays.max() ?? .zero).nanoseconds) / 1e9)
            wait(after: delays)
        }
    }
}
