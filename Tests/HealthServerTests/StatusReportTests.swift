import Health
import Testing

@testable import HealthServer

@Suite struct StatusReportTests {
    private typealias Change = @Sendable (inout StatusReport) -> Void

    private static func down(_ index: Int, for seconds: Int64? = nil, _ report: inout StatusReport) {
        report.dependencies[index].state = .down
        report.dependencies[index].since = nil
        report.dependencies[index].lasting = seconds.map { .seconds($0) }
    }

    private static let cases: [(headline: String, tone: StatusReport.Tone, change: Change)] = [
        ("Pushes work", .good, { _ in }),
        ("Pushes work", .notice, { $0.simulated = ["storage=slow:1s"] }),
        ("Pushes work", .good, { $0.gateIsOn = false }),
        ("Pushes are refused: object storage is down for 3 min", .bad, { down(0, for: 192, &$0) }),
        ("Pushes are refused: object storage is down", .bad, { down(0, &$0) }),
        (
            "Pushes are refused: object storage is down for 2 h, the build executor for 20 s", .bad,
            {
                down(0, for: 7300, &$0)
                down(1, for: 20, &$0)
            }
        ),
        (
            "Pushes are accepted, but fail: object storage and the build executor are down", .bad,
            {
                down(0, for: 7300, &$0)
                down(1, for: 20, &$0)
                $0.gateIsOn = false
            }
        ),
        (
            "Pushes are accepted, but fail: object storage is down", .bad,
            {
                down(0, for: 1, &$0)
                $0.gateIsOn = false
            }
        ),
        ("Pushes work, but the access list cannot be read", .notice, { down(3, for: 5, &$0) }),
        (
            "Pushes work, but the registry is down", .notice,
            {
                $0.dependencies.append(
                    DependencyStatus(name: "registry", title: "the registry", isNeededByPush: false, state: .down))
            }
        ),
        (
            "Pushes are refused: the build executor is down for 5 s", .bad,
            {
                down(3, for: 5, &$0)
                down(1, for: 5, &$0)
            }
        ),
        (
            "Starting: object storage has not been checked yet", .notice,
            { $0.dependencies[0].state = .unknown }
        ),
        ("Pushes work", .good, { $0.dependencies[3].state = .unknown }),
        (
            "Draining: no new connections; 2 pushes finish, for at most 41 s", .notice,
            {
                $0 = SampleReport.draining
                down(0, for: 5, &$0)
            }
        ),
        (
            "New connections are refused: all 1024 connections are taken; ready again at 819", .bad,
            { $0 = SampleReport.full }
        ),
        (
            "New connections are refused: login places 64 of 64 taken", .bad,
            {
                $0.uptime = .seconds(1)
                $0.readiness[3] = ProbeCheck(name: "slots", problem: "login places 64 of 64 taken")
            }
        ),
        (
            "Pushes can’t get in: the workspace is read-only", .bad,
            { $0.readiness[4] = ProbeCheck(name: "workspace", problem: "the workspace is read-only") }
        ),
        (
            "Starting: the SSH port has not been dialled yet", .notice,
            {
                $0.uptime = .seconds(1)
                $0.readiness[1] = ProbeCheck(name: "ssh", problem: "the SSH port has not been dialled yet")
            }
        ),
        ("Pushes work", .good, { $0.dependencies = [] }),
    ]

    @Test("the headline says in a sentence what a push will meet", arguments: cases.indices)
    func headline(_ index: Int) {
        let (headline, tone, change) = Self.cases[index]
        var report = SampleReport.allGood
        change(&report)
        #expect(report.headline == headline)
        #expect(report.tone == tone)
    }

    @Test("pushes that run and pushes that wait are counted apart")
    func counts() {
        #expect(SampleReport.allGood.runningPushes == 2)
        #expect(SampleReport.allGood.queueLength == 1)
    }

    @Test("times are told in UTC and in words")
    func times() {
        let now = SampleReport.now
        #expect(TimeText.clock(SampleReport.ago(60), now: now) == "14:04 UTC")
        #expect(TimeText.clock(SampleReport.ago(3 * 86_400), now: now) == "22 Nov 14:05 UTC")
        #expect(TimeText.clock(SampleReport.ago(400 * 86_400), now: now) == "2025-10-21 14:05 UTC")
        #expect(TimeText.clock(SampleReport.ago(-5), now: now) == "14:05 UTC")
        #expect(TimeText.ago(SampleReport.ago(0.2), now: now) == "just now")
        #expect(TimeText.ago(SampleReport.ago(200), now: now) == "3 min ago")
        let spans: [(Int64, String)] = [
            (0, "0 s"), (59, "59 s"), (60, "1 min"), (192, "3 min 12 s"), (700, "11 min"), (3600, "1 h"),
            (3900, "1 h 5 min"), (86_400, "1 day"), (90_000, "1 day 1 h"), (274_000, "3 days 4 h"),
        ]
        for (seconds, text) in spans { #expect(TimeText.span(.seconds(seconds)) == text) }
        #expect(
            [0, 40, 50, 1_400, 12_000, 1_240_000, 200_000_000].map { TimeText.latency(.microseconds($0)) }
                == ["< 0.1 ms", "< 0.1 ms", "0.1 ms", "1.4 ms", "12 ms", "1.2 s", "3 min"])
    }

    @Test("dates are those of HTTP")
    func dates() {
        #expect(HTTPDate.text(WallTime(secondsSinceEpoch: 784_111_777)) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.text(WallTime(secondsSinceEpoch: 0)) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(HTTPDate.text(SampleReport.now) == "Wed, 25 Nov 2026 14:05:12 GMT")
    }
}
