import Logging
import TestSupport
import Testing

@testable import Health

/// What the gate asks.
@Suite struct DependencyMonitorCurrentTests {
    private let time = ManualClock()
    private let log = LogBook()

    private func monitor(_ checks: any HealthCheck...) -> DependencyMonitor {
        DependencyMonitor(checks: checks, logger: log.logger, clock: time.clock, chance: { 1 })
    }

    private func ask(_ monitor: DependencyMonitor, limit: Duration = .seconds(2)) async -> [DependencyReading] {
        await monitor.current(neededByPushOnly: true, freshness: .seconds(10), limit: limit)
    }

    @Test("what is known good needs no check, and no time")
    func fresh() async {
        let checks = (0..<5).map { ScriptedCheck(.succeed, name: "d\($0)") }
        let monitor = DependencyMonitor(checks: checks, logger: log.logger, clock: time.clock)
        #expect(await ask(monitor).allSatisfy(\.isUsable))
        // The fastest says what it costs; the others also what else the machine does.
        var fastest = Duration.seconds(1)
        for _ in 0..<1_000 {
            let start = ContinuousClock.now
            let count = await ask(monitor).count
            fastest = min(fastest, ContinuousClock.now - start)
            #expect(count == 5)
        }
        #expect(fastest < .milliseconds(1))
        #expect(checks.map(\.runs) == [1, 1, 1, 1, 1])
    }

    @Test("what was known good 10 s ago is checked again")
    func stale() async {
        let check = ScriptedCheck(.succeed)
        let monitor = monitor(check)
        #expect(await ask(monitor).map(\.problem) == [nil])
        time.advance(by: .seconds(10))
        #expect(await ask(monitor).map(\.problem) == [nil])
        #expect(check.runs == 1)
        time.advance(by: .milliseconds(1))
        #expect(await ask(monitor).map(\.problem) == [nil])
        #expect(check.runs == 2)
    }

    @Test("100 callers at once share one check")
    func singleFlight() async throws {
        let check = ScriptedCheck(.hangDeaf)
        let monitor = monitor(check)
        let readings = Task {
            await withTaskGroup(of: [DependencyReading].self) { group in
                for _ in 0..<100 { group.addTask { await ask(monitor) } }
                return await group.reduce(into: []) { $0 += $1 }
            }
        }
        let run = Task { await monitor.run() }
        try await eventually("all wait for it") { time.sleeping(for: .seconds(2)) == 101 }
        check.release()
        #expect(await readings.value.count == 100)
        #expect(await readings.value.allSatisfy(\.isUsable))
        #expect(check.runs == 1)
        run.cancel()
        await run.value
    }

    @Test("one flaky answer of a dependency that is up does not refuse a push")
    func flaky() async throws {
        let check = ScriptedCheck(.succeed, .fail("flaky"), .succeed)
        let monitor = monitor(check)
        _ = await ask(monitor)
        time.advance(by: .seconds(11))
        async let readings = ask(monitor)
        try await time.pass(.milliseconds(200))
        #expect(await readings.map(\.problem) == [nil])
        #expect(check.runs == 3)
        #expect(monitor.statuses[0].transitions.count == 1)
    }

    @Test("failures that go on make it down, with the cause")
    func failing() async throws {
        let check = ScriptedCheck(.succeed, .fail("no space is left"))
        let monitor = monitor(check)
        _ = await ask(monitor)
        time.advance(by: .seconds(11))
        async let asked = ask(monitor)
        try await time.pass(.milliseconds(200))
        try await time.pass(.milliseconds(200))
        let readings = await asked
        #expect(readings.map(\.problem) == ["no space is left"])
        #expect(readings[0].status.state == .down)
        #expect(check.runs == 4)
    }

    @Test("one that is down gets one check, which can turn it up")
    func down() async throws {
        let check = ScriptedCheck(.fail("gone"))
        let monitor = monitor(check)
        async let asked = ask(monitor)
        for _ in 0..<2 { try await time.pass(.milliseconds(200)) }
        #expect(await asked.map(\.problem) == ["gone"])
        #expect(monitor.statuses[0].state == .down)
        // What failed just now is not asked again at once, by however many.
        for _ in 0..<10 { #expect(await ask(monitor).map(\.problem) == ["gone"]) }
        #expect(check.runs == 3)
        time.advance(by: .seconds(1.1))
        #expect(await ask(monitor).map(\.problem) == ["gone"])
        #expect(check.runs == 4)
        check.become(.succeed)
        time.advance(by: .seconds(1.1))
        #expect(await ask(monitor).map(\.problem) == [nil])
        #expect(monitor.statuses[0].state == .up)
    }

    @Test("one that hangs ends at the caller's limit, and the check goes on")
    func limit() async throws {
        let hung = ScriptedCheck(.hangDeaf, name: "storage")
        let fine = ScriptedCheck(.succeed, name: "access")
        let monitor = monitor(hung, fine)
        async let asked = ask(monitor, limit: .milliseconds(800))
        try await eventually("it hangs, the other is well") { hung.hanging == 1 && log.lines.count == 1 }
        try await time.pass(.milliseconds(800))
        #expect(await asked.map(\.problem) == ["no answer within 800 ms", nil])
        #expect(monitor.statuses[0].consecutiveFailures == 0)
        hung.release()
        try await eventually("its success counts") { monitor.statuses[0].state == .up }
        #expect(await ask(monitor).map(\.problem) == [nil, nil])
        #expect(hung.runs == 1)
    }

    @Test("a caller that joins a check which has hung for long tries again with the time that is left")
    func joining() async throws {
        let check = ScriptedCheck(.hang, .succeed)
        let monitor = monitor(check)
        let run = Task { await monitor.run() }
        try await eventually("it hangs") { time.sleeping(for: .seconds(2)) == 1 }
        time.advance(by: .seconds(1.5))
        async let asked = ask(monitor)
        try await eventually("the caller waits") { time.sleeping(for: .seconds(2)) == 2 }
        time.advance(by: .seconds(0.5))
        try await time.pass(.milliseconds(200))
        #expect(await asked.map(\.problem) == [nil])
        run.cancel()
        await run.value
    }

    @Test("a caller that is cancelled returns at once; the others go on waiting")
    func cancelled() async throws {
        let check = ScriptedCheck(.hangDeaf)
        let monitor = monitor(check)
        let impatient = Task { await ask(monitor) }
        let patient = Task { await ask(monitor) }
        try await eventually("both wait") { time.sleeping(for: .seconds(2)) == 3 }
        impatient.cancel()
        #expect(await impatient.value.allSatisfy { !$0.isUsable })
        check.release()
        #expect(await patient.value.allSatisfy(\.isUsable))
        #expect(check.runs == 1)
        let late = Task { await ask(self.monitor(ScriptedCheck(.hang))) }
        late.cancel()
        #expect(await late.value.count == 1)
    }

    @Test("the gate asks only what a push needs; the order is the one given")
    func needed() async {
        let optional = ScriptedCheck(.fail("gone"), name: "access", isNeededByPush: false)
        let monitor = monitor(ScriptedCheck(.succeed, name: "b"), optional, ScriptedCheck(.succeed, name: "a"))
        #expect(await ask(monitor).map(\.status.name) == ["b", "a"])
        #expect(optional.runs == 0)
    }
}
