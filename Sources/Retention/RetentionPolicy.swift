/// What of an app is kept: the newest builds and sources, all that is young, and always the latest build that succeeded.
package struct RetentionPolicy: Sendable, Equatable {
    /// So many of an app's newest builds are kept, and so many of its newest sources.
    package let keepBuilds: Int
    /// What is younger than this is kept, however much it is.
    package let keepFor: Duration
    /// A build that is said to run and is older than this runs no more: the server ended with it.
    ///
    /// Younger ones are kept, whatever the other limits say: they may run.
    package let abandonedAfter: Duration

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - keepBuilds: How many of an app's newest builds and sources are kept; less than none is none.
    ///   - keepFor: What is younger is kept.
    ///   - abandonedAfter: Longer than any build may take, its wait for a turn included.
    package init(
        keepBuilds: Int = 50, keepFor: Duration = .seconds(30 * 86_400), abandonedAfter: Duration = .seconds(90 * 60)
    ) {
        self.keepBuilds = max(0, keepBuilds)
        self.keepFor = keepFor
        self.abandonedAfter = abandonedAfter
    }

    /// Whether something is too young to go.
    ///
    /// - Parameters:
    ///   - time: When it came to be, in seconds since 1970.
    ///   - now: In seconds since 1970.
    /// - Returns: True as well for what comes from the future, as after the clock was set.
    func isYoung(_ time: Int64, now: Int64) -> Bool {
        time > now - max(keepFor, abandonedAfter).components.seconds
    }
}
