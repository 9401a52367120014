package import Health

/// Everything that the status page shows; nothing in it is secret.
package struct StatusReport: Sendable, Hashable {
    /// Slipway's version.
    package var version: String
    /// When the process began to serve.
    package var startedAt: WallTime
    /// For how long it has.
    package var uptime: Duration
    /// When this was put together.
    package var now: WallTime
    /// Where to push, with `<app>` for the app's name: `ssh://git@host:2222/<app>.git`.
    package var pushURL: String
    /// Faults that are simulated on purpose, as the switch was given: `storage=down`.
    package var simulated: [String]
    /// The step of the drain, as in ``DrainState/text``; `nil` while serving.
    package var drain: String?
    /// What `/readyz` answers.
    package var readiness: [ProbeCheck]
    /// What a push needs, and what else is watched.
    package var dependencies: [DependencyStatus]
    /// Those that run, then those that wait.
    package var pushes: [PushInProgress]
    /// Newest first.
    package var recentBuilds: [RecentBuild]
    /// SSH connections now.
    package var connections: Int
    /// SSH connections at most.
    package var connectionLimit: Int
    /// Whether a push is refused before it uploads anything when a dependency is down.
    package var gateIsOn: Bool

    package init(
        version: String, startedAt: WallTime, uptime: Duration, now: WallTime, pushURL: String,
        simulated: [String] = [], drain: String? = nil, readiness: [ProbeCheck], dependencies: [DependencyStatus],
        pushes: [PushInProgress] = [], recentBuilds: [RecentBuild] = [], connections: Int, connectionLimit: Int,
        gateIsOn: Bool
    ) {
        self.version = version
        self.startedAt = startedAt
        self.uptime = uptime
        self.now = now
        self.pushURL = pushURL
        self.simulated = simulated
        self.drain = drain
        self.readiness = readiness
        self.dependencies = dependencies
        self.pushes = pushes
        self.recentBuilds = recentBuilds
        self.connections = connections
        self.connectionLimit = connectionLimit
        self.gateIsOn = gateIsOn
    }

    /// How many pushes wait for another one.
    package var queueLength: Int { pushes.count { $0.isQueued } }

    /// How many pushes are at work.
    package var runningPushes: Int { pushes.count - queueLength }
}
