import Testing

@testable import Health

@Suite struct MonitorScheduleTests {
    @Test("a healthy dependency is checked again within 7.5 to 9.5 s", arguments: [(0.0, 7.5), (0.5, 8.5), (1, 9.5)])
    func healthy(chance: Double, seconds: Double) {
        let pause = MonitorSchedule().pause(afterFailures: 0, chance: chance)
        #expect(abs(pause / .seconds(1) - seconds) < 0.001)
    }

    @Test(
        "after a slow check the next one begins earlier, so that what is known never grows too old",
        arguments: [(0.4, 1.0, 9.1), (2, 1, 7.5), (2, 0, 7.5), (1, 0, 7.5), (60, 1, 1)])
    func slow(latency: Double, chance: Double, seconds: Double) {
        let pause = MonitorSchedule().pause(afterFailures: 0, latency: .seconds(latency), chance: chance)
        #expect(abs(pause / .seconds(1) - seconds) < 0.001)
    }

    @Test(
        "pauses double while it fails, and never exceed 10 s",
        arguments: [(1, 0.95), (2, 1.9), (3, 3.8), (4, 7.6), (5, 9.5), (6, 9.5), (1_000_000, 9.5)])
    func failing(failures: Int, seconds: Double) {
        let pause = MonitorSchedule().pause(afterFailures: failures, chance: 1)
        #expect(abs(pause / .seconds(1) - seconds) < 0.001)
        #expect(MonitorSchedule().pause(afterFailures: failures, chance: 0) < pause)
    }

    @Test("a chance out of range does no harm")
    func clamped() {
        #expect(
            MonitorSchedule().pause(afterFailures: 0, chance: 99)
                == MonitorSchedule().pause(afterFailures: 0, chance: 1))
        #expect(
            MonitorSchedule().pause(afterFailures: 0, chance: -9)
                == MonitorSchedule().pause(afterFailures: 0, chance: 0))
    }
}
