import Testing

@testable import Health

@Suite struct DependencyRecordTests {
    private static let failure = CheckOutcome.failed(HealthProblem(cause: "broken"))

    /// Checks at given seconds, "+" a success, "-" a failure; the states after each: u(nknown), U(p), D(own).
    @Test(
        "down after 3 failures in a row or 20 s of them, up after one success",
        arguments: [
            ("+", [0], "U"),
            ("-", [0], "u"),
            ("---", [0, 1, 2], "uuD"),
            ("+--+", [0, 1, 2, 3], "UUUU"),
            ("+---", [0, 1, 2, 3], "UUUD"),
            ("+--+--", [0, 1, 2, 3, 4, 5], "UUUUUU"),
            ("+---+---", [0, 1, 2, 3, 4, 5, 6, 7], "UUUDUUUD"),
            ("+--", [0, 1, 20], "UUU"),
            ("+--", [0, 1, 21], "UUD"),
            ("--", [0, 20], "uD"),
            ("+-+-", [0, 10, 20, 31], "UUUU"),
            ("---+", [0, 1, 2, 500], "uuDU"),
        ])
    func rule(checks: String, seconds: [Int], expected: String) {
        let time = ManualClock()
        var record = DependencyRecord(schedule: MonitorSchedule(), now: time.moment)
        var states = ""
        var changes = 0
        for (check, second) in zip(checks, seconds) {
            time.advance(by: .seconds(second) - (time.moment.wall.duration(since: ManualClock.start)))
            let before = record.state
            let transition = record.observe(check == "+" ? .ok : Self.failure, took: .zero, at: time.moment)
            #expect((transition == nil) == (before == record.state))
            changes += transition == nil ? 0 : 1
            states += [DependencyState.unknown: "u", .up: "U", .down: "D"][record.state, default: "?"]
        }
        #expect(states == expected)
        #expect(record.transitions.count == changes)
    }

    @Test("a transition tells from what, to what, when, how long it had lasted and why")
    func transition() throws {
        let time = ManualClock()
        var record = DependencyRecord(schedule: MonitorSchedule(), now: time.moment)
        time.advance(by: .seconds(5))
        let up = record.observe(.ok, took: .milliseconds(3), at: time.moment)
        #expect(
            up
                == DependencyTransition(
                    at: ManualClock.start.advanced(by: .seconds(5)), was: .unknown, is: .up, lasted: .seconds(5)))
        for _ in 0..<3 {
            time.advance(by: .seconds(1))
            _ = record.observe(Self.failure, took: .zero, at: time.moment)
        }
        let down = try #require(record.transitions.last)
        #expect(
            down
                == DependencyTransition(
                    at: ManualClock.start.advanced(by: .seconds(8)), was: .up, is: .down, lasted: .seconds(3),
                    cause: "broken"))
    }

    @Test("only the last 50 transitions are kept")
    func bounded() {
        let time = ManualClock()
        var record = DependencyRecord(schedule: MonitorSchedule(), now: time.moment)
        for _ in 0..<100 {
            for outcome in [CheckOutcome.ok, Self.failure, Self.failure, Self.failure] {
                time.advance(by: .seconds(1))
                _ = record.observe(outcome, took: .zero, at: time.moment)
            }
        }
        #expect(record.transitions.count == 50)
        #expect(record.transitions.last?.is == .down)
        #expect(record.transitions.last?.at == time.moment.wall)
    }

    @Test("it is known good as long as the last check succeeded lately")
    func knownGood() {
        let time = ManualClock()
        var record = DependencyRecord(schedule: MonitorSchedule(), now: time.moment)
        #expect(!record.isKnownGood(within: .seconds(10), at: time.moment))
        _ = record.observe(.ok, took: .zero, at: time.moment)
        time.advance(by: .seconds(10))
        #expect(record.isKnownGood(within: .seconds(10), at: time.moment))
        time.advance(by: .milliseconds(1))
        #expect(!record.isKnownGood(within: .seconds(10), at: time.moment))
        _ = record.observe(.ok, took: .zero, at: time.moment)
        _ = record.observe(Self.failure, took: .zero, at: time.moment)
        #expect(record.state == .up)
        #expect(!record.isKnownGood(within: .seconds(10), at: time.moment))
    }

    @Test("a snapshot tells all that is known")
    func snapshot() {
        let time = ManualClock()
        var record = DependencyRecord(schedule: MonitorSchedule(), now: time.moment)
        let check = ScriptedCheck(.succeed, simulated: "slow:3s")
        let blank = record.status(of: check, at: time.moment, abandoned: 0, nextCheck: nil)
        #expect(blank.state == .unknown && blank.lastCheck == nil && blank.lastSuccess == nil && blank.cause == nil)
        #expect(blank.history == Array(repeating: .none, count: 60))
        _ = record.observe(.ok, took: .milliseconds(7), at: time.moment)
        time.advance(by: .seconds(60))
        _ = record.observe(Self.failure, took: .milliseconds(9), at: time.moment)
        time.advance(by: .seconds(4))
        let status = record.status(
            of: check, at: time.moment, abandoned: 1, nextCheck: time.moment.instant + .seconds(3))
        #expect(status.name == "storage" && status.title == "object storage" && status.isNeededByPush)
        #expect(status.simulated == "slow:3s")
        #expect(status.state == .up && status.since == ManualClock.start && status.lasting == .seconds(64))
        #expect(status.lastSuccess == ManualClock.start)
        #expect(status.lastCheck == ManualClock.start.advanced(by: .seconds(60)))
        #expect(status.lastCheckAge == .seconds(4) && status.latency == .milliseconds(9))
        #expect(status.cause == "broken" && status.consecutiveFailures == 1 && status.abandonedChecks == 1)
        #expect(status.nextCheck == .seconds(3))
        #expect(status.history.suffix(2) == [.up, .down])
    }
}
