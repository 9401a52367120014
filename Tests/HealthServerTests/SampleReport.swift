import Health

@testable import HealthServer

/// Reports as a working day brings them; the clock stands still, so that pictures of them can be compared.
enum SampleReport {
    static let now = WallTime(secondsSinceEpoch: 1_795_615_512)  // 2026-11-25T14:05:12Z

    static func ago(_ seconds: Double) -> WallTime { WallTime(secondsSinceEpoch: now.secondsSinceEpoch - seconds) }

    static let allGood = StatusReport(
        version: "0.3.0", startedAt: ago(274_000), uptime: .seconds(274_000), now: now,
        pushURL: "ssh://git@builder.example.org:2222/<app>.git", readiness: ready,
        dependencies: [
            up("storage", "object storage", latency: .microseconds(1400), history: blip(at: 22)),
            up("executor", "the build executor", latency: .microseconds(38_000)),
            up("repositories", "the repository disk", latency: .microseconds(310)),
            up("access", "the access list", isNeeded: false, latency: .microseconds(90)),
        ],
        pushes: [
            PushInProgress(id: "01KAXW6Q0V8Z4R3M5N7P9S2T4B", app: "blog", phase: "build", since: ago(41)),
            PushInProgress(id: "01KAXW7D2H6J8K0M1N3P5Q7R9S", app: "shop-frontend", phase: "receive", since: ago(3)),
            PushInProgress(id: "01KAXW7F9A1B3C5D7E9F1G3H5J", app: "blog", phase: "queue", since: ago(12), place: 1),
        ],
        recentBuilds: builds, connections: 5, connectionLimit: 1024, gateIsOn: true)

    static var oneDown: StatusReport {
        var report = allGood
        report.dependencies[0] = DependencyStatus(
            name: "storage", title: "object storage", isNeededByPush: true, state: .down, since: ago(192),
            lasting: .seconds(192), lastCheck: ago(4), lastSuccess: ago(211), latency: .seconds(2),
            cause: "no answer within 2 s", consecutiveFailures: 21, abandonedChecks: 1, nextCheck: .seconds(6),
            history: goodHour.dropLast(4) + [.partly, .down, .down, .down],
            transitions: [
                DependencyTransition(at: ago(274_000), was: .unknown, is: .up, lasted: .seconds(1)),
                DependencyTransition(
                    at: ago(192), was: .up, is: .down, lasted: .seconds(273_808), cause: "no answer within 2 s"),
            ])
        report.pushes = [report.pushes[0]]
        return report
    }

    static var simulated: StatusReport {
        var report = oneDown
        report.simulated = ["storage=down", "executor=slow:3s"]
        report.dependencies[0].simulated = "down"
        return report
    }

    static var draining: StatusReport {
        var report = allGood
        report.drain = "draining: no new connections; 2 pushes finish, for at most 41 s"
        report.readiness[0] = ProbeCheck(name: "circuit", problem: "draining")
        report.readiness[5] = ProbeCheck(name: "drain", problem: report.drain)
        return report
    }

    static var starting: StatusReport {
        var report = allGood
        report.dependencies = report.dependencies.map {
            DependencyStatus(name: $0.name, title: $0.title, isNeededByPush: $0.isNeededByPush)
        }
        report.pushes = []
        report.recentBuilds = []
        return report
    }

    static var full: StatusReport {
        var report = allGood
        report.readiness[3] = ProbeCheck(
            name: "slots", problem: "all 1024 connections are taken; ready again at 819")
        report.connections = 1024
        return report
    }

    /// Everything that comes from elsewhere tries to be markup.
    static var hostile: StatusReport {
        let attack = "\"><script>alert('x')</script><img src=x onerror=alert(1)>&amp;\u{202e}\u{0}\n"
        var report = oneDown
        report.version = attack
        report.pushURL = attack
        report.simulated = [attack]
        report.readiness = [ProbeCheck(name: attack, problem: attack)]
        report.dependencies = [
            DependencyStatus(
                name: attack, title: attack, isNeededByPush: true, state: .down, since: now, lasting: .zero,
                cause: attack, history: [.down],
                transitions: [.init(at: now, was: .up, is: .down, lasted: .zero, cause: attack)], simulated: attack)
        ]
        report.pushes = [PushInProgress(id: attack, app: attack, phase: attack, since: now)]
        report.recentBuilds = [
            RecentBuild(
                id: attack, app: attack, outcome: attack, hasSucceeded: false, finishedAt: now, duration: .zero,
                commit: attack)
        ]
        return report
    }

    static let all: [(name: String, report: StatusReport)] = [
        ("all-good", allGood), ("one-down", oneDown), ("simulated", simulated), ("draining", draining),
        ("starting", starting), ("full", full), ("hostile", hostile),
    ]

    private static let ready = ["circuit", "ssh", "acceptor", "slots", "workspace", "drain"].map {
        ProbeCheck(name: $0)
    }

    private static let goodHour = [HistoryBucket](repeating: .up, count: 60)

    private static func blip(at minute: Int) -> [HistoryBucket] {
        var history = goodHour
        history[minute] = .partly
        return history
    }

    private static func up(
        _ name: String, _ title: String, isNeeded: Bool = true, latency: Duration, history: [HistoryBucket]? = nil
    ) -> DependencyStatus {
        DependencyStatus(
            name: name, title: title, isNeededByPush: isNeeded, state: .up, since: ago(273_999),
            lasting: .seconds(273_999), lastCheck: ago(4), lastSuccess: ago(4), lastCheckAge: .seconds(4),
            latency: latency, nextCheck: .seconds(5), history: history ?? goodHour,
            transitions: [.init(at: ago(273_999), was: .unknown, is: .up, lasted: .seconds(1))])
    }

    private static let builds = [
        ("shop-frontend", "succeeded", true, 130.0, 64.0, "9f3c2ab1"),
        ("mailer", "failed with status 2", false, 1_260, 12, "41d09e77"),
        ("blog", "succeeded", true, 2_700, 38, "c07b51fe"),
        ("shop-frontend", "succeeded", true, 9_400, 66, "5a81d3c0"),
        ("ledger", "took longer than 15 min", false, 15_300, 900, "e2b6f410"),
    ].map { app, outcome, hasSucceeded, age, seconds, commit in
        RecentBuild(
            id: "01KAXVZZ0V8Z4R3M5N7P9S2T4B", app: app, outcome: outcome, hasSucceeded: hasSucceeded,
            finishedAt: ago(age), duration: .seconds(seconds), commit: commit)
    }
}
