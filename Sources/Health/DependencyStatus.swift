/// What is known of a dependency at one moment.
package struct DependencyStatus: Sendable, Hashable {
    /// As in ``HealthCheck/name``.
    package let name: String
    /// As in ``HealthCheck/title``.
    package let title: String
    /// As in ``HealthCheck/isNeededByPush``.
    package let isNeededByPush: Bool
    /// How it is.
    package var state: DependencyState
    /// When ``state`` began.
    package var since: WallTime?
    /// For how long ``state`` has lasted.
    package var lasting: Duration?
    /// When a check last ended, either way.
    package var lastCheck: WallTime?
    /// When a check last succeeded.
    package var lastSuccess: WallTime?
    /// How long ago a check last ended, by a clock that nobody sets.
    package var lastCheckAge: Duration?
    /// How long the last check took.
    package var latency: Duration?
    /// Why the last check failed, in words for anybody; `nil` when it succeeded.
    ///
    /// May be set while ``state`` is up.
    package var cause: String?
    /// How many checks failed in a row up to now.
    package var consecutiveFailures: Int
    /// How many checks were given up and still hang, with whatever thread they hold.
    package var abandonedChecks: Int
    /// When the next check in the background is due; `nil` while one runs or none is planned.
    package var nextCheck: Duration?
    /// The last hour, a bucket for each minute, oldest first.
    package var history: [HistoryBucket]
    /// The last transitions, newest last.
    package var transitions: [DependencyTransition]
    /// The text of the fault that is simulated on purpose.
    package var simulated: String?

    package init(
        name: String, title: String, isNeededByPush: Bool, state: DependencyState = .unknown, since: WallTime? = nil,
        lasting: Duration? = nil, lastCheck: WallTime? = nil, lastSuccess: WallTime? = nil,
        lastCheckAge: Duration? = nil, latency: Duration? = nil, cause: String? = nil, consecutiveFailures: Int = 0,
        abandonedChecks: Int = 0, nextCheck: Duration? = nil, history: [HistoryBucket] = [],
        transitions: [DependencyTransition] = [], simulated: String? = nil
    ) {
        self.name = name
        self.title = title
        self.isNeededByPush = isNeededByPush
        self.state = state
        self.since = since
        self.lasting = lasting
        self.lastCheck = lastCheck
        self.lastSuccess = lastSuccess
        self.lastCheckAge = lastCheckAge
        self.latency = latency
        self.cause = cause
        self.consecutiveFailures = consecutiveFailures
        self.abandonedChecks = abandonedChecks
        self.nextCheck = nextCheck
        self.history = history
        self.transitions = transitions
        self.simulated = simulated
    }

    /// Whether it is known good: the last check succeeded, not longer ago than `limit`.
    package func isKnownGood(within limit: Duration) -> Bool {
        guard state == .up, cause == nil, let lastCheckAge else { return false }
        return lastCheckAge <= limit
    }
}
