/// The supervisor's tick: a sign that Swift's pool of threads does work, and how late it does it.
package final class Pulse: Sendable {
    /// Twice for each look of the ``Watchdog``.
    static let period = Duration.milliseconds(500)
    /// So many delays are looked back on for the longest: 15 s, the usual time between two scrapes.
    static let delaysKept = 30

    private let heartbeat: Heartbeat
    private let clock: HealthClock
    private let metrics = PulseMetrics()

    /// Makes a pulse.
    ///
    /// - Parameters:
    ///   - heartbeat: Is beaten, from the start of ``run()`` on.
    ///   - clock: The time.
    package init(heartbeat: Heartbeat, clock: HealthClock = .system) {
        self.heartbeat = heartbeat
        self.clock = clock
    }

    /// Beats until the task is cancelled, then retires the heartbeat.
    package func run() async {
        var delays: [Duration] = []
        heartbeat.beat()
        while !Task.isCancelled {
            let due = clock.now().instant + Self.period
            guard (try? await clock.sleep(Self.period)) != nil else { break }
            heartbeat.beat()
            delays.append(max(.zero, clock.now().instant - due))
            delays.removeFirst(max(0, delays.count - Self.delaysKept))
            metrics.record(delays.max() ?? .zero)
        }
        heartbeat.retire()
    }
}
