import Logging
import TestSupport
import Testing

@testable import Health

/// The background: what it checks, when, and what it says.
@Suite struct DependencyMonitorTests {
    private let time = ManualClock()
    private let log = LogBook()

    private func monitor(_ checks: [any HealthCheck]) -> DependencyMonitor {
        DependencyMonitor(checks: checks, logger: log.logger, clock: time.clock, chance: { 1 })
    }

    /// Runs `body` beside the monitor, which must end when it is cancelled.
    private func running(_ monitor: DependencyMonitor, _ body: () async throws -> Void) async throws {
        let run = Task { await monitor.run() }
        defer { run.cancel() }
        try await body()
        run.cancel()
        await run.value
    }

    @Test("a dependency fails, goes down, comes back, and each transition is logged once")
    func life() async throws {
        let check = ScriptedCheck(.succeed)
        let monitor = monitor([check])
        #expect(monitor.statuses.map(\.state) == [.unknown])
        try await running(monitor) {
            try await eventually("it is up") { monitor.statuses[0].state == .up }
            check.become(.fail("no space is left"))
            try await time.pass(.seconds(9.5))
            try await time.pass(.seconds(0.95))
            try await eventually("it fails") { monitor.statuses[0].consecutiveFailures == 2 }
            #expect(monitor.statuses[0].state == .up)
            #expect(monitor.statuses[0].cause == "no space is left")
            try await time.pass(.seconds(1.9))
            try await eventually("it is down") { monitor.statuses[0].state == .down }
            try await time.pass(.seconds(3.8))
            try await eventually("it fails again") { monitor.statuses[0].consecutiveFailures == 4 }
            check.become(.succeed)
            try await time.pass(.seconds(7.6))
            try await eventually("it is up again") { monitor.statuses[0].state == .up }
            #expect(monitor.statuses[0].cause == nil)
            try await time.pass(.seconds(9.5))
            try await eventually("the next check is planned") { monitor.statuses[0].nextCheck != nil }
        }
        #expect(monitor.statuses[0].nextCheck == nil)
        #expect(check.mostRunning == 1)
        try await eventually("all is logged") { log.lines.count == 3 }
        #expect(
            log.lines == [
                "info Dependency works: object storage dependency=storage is=up lasted=0 ms"
                    + " since=2026-07-04T14:02:00Z was=unknown",
                "error Dependency is down: object storage cause=no space is left dependency=storage"
                    + " detail=detail of no space is left is=down lasted=12 s since=2026-07-04T14:02:12Z was=up",
                "notice Dependency works again: object storage dependency=storage is=up lasted=11 s"
                    + " since=2026-07-04T14:02:23Z was=down",
            ])
    }

    @Test("a recovery shows within 12 s, however long it was down")
    func recovery() async throws {
        let check = ScriptedCheck(.fail("gone"))
        let monitor = monitor([check])
        try await running(monitor) {
            for pause in [0.95, 1.9, 3.8, 7.6, 9.5, 9.5] { try await time.pass(.seconds(pause)) }
            try await eventually("it fails still") { check.runs == 7 }
            check.become(.succeed)
            try await time.pass(.seconds(9.5))
            try await eventually("it is up") { monitor.statuses[0].state == .up }
        }
    }

    @Test("a check that flaps every other time neither goes down nor logs")
    func flapping() async throws {
        let check = ScriptedCheck(.succeed)
        let monitor = monitor([check])
        try await running(monitor) {
            try await eventually("it is up") { monitor.statuses[0].state == .up }
            for _ in 0..<20 {
                check.become(.fail("flaky"))
                try await time.pass(.seconds(9.5))
                try await eventually("it fails") { monitor.statuses[0].consecutiveFailures == 1 }
                check.become(.succeed)
                try await time.pass(.seconds(0.95))
                try await eventually("it works") { monitor.statuses[0].consecutiveFailures == 0 }
            }
        }
        #expect(log.lines.count == 1)
        #expect(monitor.statuses[0].transitions.map(\.is) == [.up])
    }

    @Test("a check that hangs is ended after 2 s")
    func hanging() async throws {
        let check = ScriptedCheck(.hang)
        let monitor = monitor([check])
        try await running(monitor) {
            try await time.pass(.seconds(2))
            try await eventually("the failure counts") { monitor.statuses[0].consecutiveFailures == 1 }
            #expect(monitor.statuses[0].cause == "no answer within 2 s")
            #expect(monitor.statuses[0].latency?.inWords == "2 s")
            try await eventually("it ended") { monitor.statuses[0].abandonedChecks == 0 }
        }
    }

    @Test("threads that are stuck after their check has ended count too, and no further check is made beyond two")
    func stuckThreads() async throws {
        let check = ScriptedCheck(.fail("no answer in time"))
        let monitor = monitor([check])
        try await running(monitor) {
            try await eventually("the failure counts") { monitor.statuses[0].consecutiveFailures == 1 }
            check.stuckThreads = 1
            #expect(monitor.statuses[0].abandonedChecks == 1)
            try await time.pass(.seconds(0.95))
            try await eventually("it is tried again") { check.runs == 2 }
            check.stuckThreads = 2
            try await time.pass(.seconds(1.9))
            try await eventually("it is down") { monitor.statuses[0].consecutiveFailures == 3 }
            #expect(monitor.statuses[0].abandonedChecks == 2)
            #expect(monitor.statuses[0].cause == "no answer; earlier checks still hang")
            #expect(check.runs == 2)
            check.stuckThreads = 0
            check.become(.succeed)
            try await time.pass(.seconds(3.8))
            try await eventually("it is up") { monitor.statuses[0].state == .up }
        }
    }

    @Test("checks that ignore cancellation are abandoned, counted, and never more than two")
    func deaf() async throws {
        let check = ScriptedCheck(.hangDeaf)
        let monitor = monitor([check])
        try await running(monitor) {
            try await time.pass(.seconds(2))
            try await time.pass(.seconds(0.95))
            try await time.pass(.seconds(2))
            try await eventually("two hang") { monitor.statuses[0].abandonedChecks == 2 }
            try await time.pass(.seconds(1.9))
            try await eventually("it is down") { monitor.statuses[0].state == .down }
            #expect(monitor.statuses[0].cause == "no answer; earlier checks still hang")
            try await time.pass(.seconds(3.8))
            try await eventually("a further failure") { monitor.statuses[0].consecutiveFailures == 4 }
            #expect(check.runs == 2)

            check.become(.succeed)
            check.release()
            try await eventually("none hangs") { monitor.statuses[0].abandonedChecks == 0 }
            // Their late success counts for nothing.
            #expect(monitor.statuses[0].state == .down)
            try await time.pass(.seconds(7.6))
            try await eventually("it is up") { monitor.statuses[0].state == .up }
            #expect(check.runs == 3)
        }
    }

    @Test("one dependency that hangs does not hold up another")
    func apart() async throws {
        let hung = ScriptedCheck(.hangDeaf, name: "storage")
        let fine = ScriptedCheck(.succeed, name: "access")
        let monitor = monitor([hung, fine])
        try await running(monitor) {
            try await eventually("one is up") { monitor.statuses[1].state == .up }
            #expect(monitor.statuses[0].state == .unknown)
            #expect(monitor.statuses.map(\.name) == ["storage", "access"])
        }
        hung.release()
    }

    @Test("an error that is no HealthProblem is told to the log alone")
    func foreignError() async throws {
        struct Broken: HealthCheck {
            struct Failure: Error {}
            let name = "kubernetes"
            let title = "Kubernetes"
            let isNeededByPush = true
            func check() async throws { throw Failure() }
        }
        let monitor = monitor([Broken()])
        try await running(monitor) {
            try await eventually("it fails") { monitor.statuses[0].consecutiveFailures == 1 }
        }
        #expect(monitor.statuses[0].cause == "the check failed; the server's log says why")
        #expect(monitor.statuses[0].simulated == nil)
    }

    @Test("a monitor without checks runs until it is cancelled or at once ends")
    func none() async throws {
        let monitor = monitor([])
        try await running(monitor) {}
        #expect(monitor.statuses.isEmpty)
        #expect(await monitor.current(neededByPushOnly: true, freshness: .zero, limit: .seconds(1)).isEmpty)
    }
}
