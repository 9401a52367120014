package import Health

/// A build that ended not long ago.
package struct RecentBuild: Sendable, Hashable {
    /// The push's.
    package let id: String
    /// What was built.
    package let app: String
    /// How it ended, in a few words: "succeeded", "failed with status 2".
    package let outcome: String
    /// Whether it ended as its author wished.
    package let hasSucceeded: Bool
    /// When it ended.
    package let finishedAt: WallTime
    /// How long it ran.
    package let duration: Duration
    /// The commit's first digits.
    package let commit: String

    package init(
        id: String, app: String, outcome: String, hasSucceeded: Bool, finishedAt: WallTime, duration: Duration,
        commit: String
    ) {
        self.id = id
        self.app = app
        self.outcome = outcome
        self.hasSucceeded = hasSucceeded
        self.finishedAt = finishedAt
        self.duration = duration
        self.commit = commit
    }
}
