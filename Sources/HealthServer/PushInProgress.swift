package import Health

/// A push that runs or waits for its turn.
package struct PushInProgress: Sendable, Hashable {
    /// As it was printed to whoever pushes.
    package let id: String
    /// What is pushed to.
    package let app: String
    /// What is done now, in a word or two: "build", "source".
    package let phase: String
    /// When the phase began.
    package let since: WallTime
    /// Its place in the app's queue, from 1, while it waits for another push; `nil` when it runs.
    package let place: Int?

    package init(id: String, app: String, phase: String, since: WallTime, place: Int? = nil) {
        self.id = id
        self.app = app
        self.phase = phase
        self.since = since
        self.place = place
    }

    /// Whether it waits for another push.
    package var isQueued: Bool { place != nil }
}
