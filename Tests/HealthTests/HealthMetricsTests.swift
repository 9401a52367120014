import Metrics
import TestSupport
import Testing

@testable import Health

@Suite struct HealthMetricsTests {
    @Test("every series of a dependency is there from the start, and follows what happens")
    func dependency() async throws {
        let book = MetricBook()
        let time = ManualClock()
        let check = ScriptedCheck(.succeed, .fail("a"), .fail("a"), .hangDeaf)
        let monitor = withMetricsFactory(book) {
            DependencyMonitor(checks: [check], logger: LogBook().logger, clock: time.clock, chance: { 1 })
        }
        let name = "dependency=storage"
        #expect(
            book.names == [
                "slipway_dependency_up{\(name)}", "slipway_dependency_abandoned_checks{\(name)}",
                "slipway_dependency_checks_total{\(name),result=ok}",
                "slipway_dependency_checks_total{\(name),result=failed}",
                "slipway_dependency_checks_total{\(name),result=timeout}",
                "slipway_dependency_transitions_total{\(name),to=up}",
                "slipway_dependency_transitions_total{\(name),to=down}",
            ])
        let run = Task { await monitor.run() }
        for pause in [9.5, 0.95, 1.9] { try await time.pass(.seconds(pause)) }
        try await eventually("it hangs") { check.hanging == 1 }
        #expect(book["slipway_dependency_up{\(name)}"] == 1)
        try await time.pass(.seconds(2))
        // The last that is written.
        try await eventually("it is abandoned") { book["slipway_dependency_abandoned_checks{\(name)}"] == 1 }
        #expect(book["slipway_dependency_up{\(name)}"] == 0)
        #expect(book["slipway_dependency_checks_total{\(name),result=ok}"] == 1)
        #expect(book["slipway_dependency_checks_total{\(name),result=failed}"] == 2)
        #expect(book["slipway_dependency_checks_total{\(name),result=timeout}"] == 1)
        #expect(book["slipway_dependency_transitions_total{\(name),to=up}"] == 1)
        #expect(book["slipway_dependency_transitions_total{\(name),to=down}"] == 1)
        #expect(book["slipway_dependency_check_duration_seconds{\(name)}"] == 4)
        check.release()
        try await eventually("none hangs") { book["slipway_dependency_abandoned_checks{\(name)}"] == 0 }
        run.cancel()
        await run.value
    }

    @Test("dials are counted by what came of them")
    func dials() async throws {
        let book = MetricBook()
        let listener = try TestListener(sending: ["SSH-2.0-x\r\n"])
        defer { listener.stop() }
        let port = listener.port
        let watch = withMetricsFactory(book) {
            PortWatch(
                target: { DialTarget(host: "127.0.0.1", port: port) }, period: .seconds(3600), limit: .seconds(20),
                logger: LogBook().logger)
        }
        for result in ["ok", "refused", "silent", "garbage"] {
            #expect(book["slipway_ssh_dials_total{result=\(result)}"] == 0)
        }
        let run = Task { await watch.run() }
        try await eventually("it dialled") { book["slipway_ssh_dials_total{result=ok}"] == 1 }
        #expect(book["slipway_ssh_dial_duration_seconds"] == 1)
        run.cancel()
        await run.value
    }
}
