import Metrics
import TestSupport
import Testing

@testable import Health

@Suite struct PulseTests {
    @Test("it beats twice a second, tells how late it woke, and retires when cancelled")
    func beats() async throws {
        let time = ManualClock()
        let book = MetricBook()
        let series = "slipway_event_loop_lag_seconds{loop=swift}"
        let heartbeat = Heartbeat(name: Heartbeat.supervisorName)
        let pulse = withMetricsFactory(book) { Pulse(heartbeat: heartbeat, clock: time.clock) }
        #expect(heartbeat.count == 0)
        #expect(book[series] == 0)
        let run = Task { await pulse.run() }
        try await time.pass(.milliseconds(500))
        try await eventually("it sleeps again") { time.sleeping(for: .milliseconds(500)) == 1 && heartbeat.count == 2 }
        time.advance(by: .seconds(3))
        try await eventually("it woke late") { (book[series] ?? 0) > 2 }
        #expect(abs((book[series] ?? 0) - 2.5) < 0.01)
        // The longest of the last 15 s stays for a scrape to see, then goes.
        for _ in 0..<29 { try await time.pass(.milliseconds(500)) }
        try await eventually("it sleeps again") { heartbeat.count == 32 }
        #expect((book[series] ?? 0) > 2)
        try await time.pass(.milliseconds(500))
        try await eventually("the delay is forgotten") { (book[series] ?? 9) < 0.1 }
        run.cancel()
        await run.value
        #expect(heartbeat.isRetired)
    }
}
