/// The time, and waiting for it: the system's, or a test's own.
package struct HealthClock: Sendable {
    /// One moment by two clocks: one to measure with, one to show.
    package struct Moment: Sendable, Hashable {
        /// By a clock that nobody sets and that counts the time in which the machine sleeps.
        package let instant: ContinuousClock.Instant
        /// By the clock on the wall.
        package let wall: WallTime

        package init(instant: ContinuousClock.Instant, wall: WallTime) {
            self.instant = instant
            self.wall = wall
        }
    }

    /// The moment that it is.
    package let now: @Sendable () -> Moment
    /// Returns after that time; throws at once when the task is cancelled.
    package let sleep: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Moment, sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The system's.
    package static let system = HealthClock(
        now: { Moment(instant: .now, wall: .now) },
        sleep: { try await ContinuousClock().sleep(for: $0) })
}
