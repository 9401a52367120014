import Metrics
import Synchronization
import TestSupport
import Testing

@testable import Health

@Suite struct HealthBoardTests {
    private let good = ReadinessInputs(
        circuitIsClosed: true, circuitHasBeenClosed: true,
        dial: DialReading(last: .ok(latency: .milliseconds(2)), age: .seconds(1)),
        slots: SlotsReading(count: 1, limit: 64, isFull: false))

    @Test("a board of the real parts says what each part says")
    func real() async throws {
        let directory = try TemporaryDirectory()
        let log = LogBook()
        let circuit = Circuit()
        let listener = try TestListener(sending: ["SSH-2.0-x\r\n"])
        defer { listener.stop() }
        let port = listener.port
        let portWatch = PortWatch(
            target: { circuit.isClosed ? DialTarget(host: "127.0.0.1", port: port) : nil }, limit: .seconds(20),
            logger: log.logger)
        let workspace = WorkspaceWatch(path: directory.path, logger: log.logger)
        let drain = DrainState(runningPushes: { 1 })
        let board = HealthBoard(
            circuit: circuit, portWatch: portWatch, watchdog: Watchdog(heartbeats: []),
            slots: { SlotsReading(count: 64, limit: 64, isFull: true) }, workspace: workspace, drain: drain,
            dependencies: DependencyMonitor(checks: [], logger: log.logger))
        let failing = { board.readyz().failing }
        #expect(failing() == ["circuit", "ssh", "slots", "workspace"])
        #expect(board.startupz().failing == ["ssh"])
        #expect(board.livez().failing.isEmpty)
        circuit.close()
        let runs = [Task { await portWatch.run() }, Task { await workspace.run() }]
        try await eventually("only the slots are wanting") { failing() == ["slots"] }
        #expect(board.startupz().failing.isEmpty)
        drain.stillAccepting(until: .now + .seconds(1_000))
        circuit.open()
        #expect(failing() == ["circuit", "slots", "drain"])
        #expect(board.startupz().failing.isEmpty, "once started, always started")
        #expect(board.livez().failing.isEmpty)
        for run in runs {
            run.cancel()
            await run.value
        }
    }

    @Test("/healthz names each dependency, needed by a push or not, with its cause")
    func healthz() async throws {
        let good = good
        let time = ManualClock()
        let monitor = DependencyMonitor(
            checks: [
                ScriptedCheck(.succeed, name: "storage"),
                ScriptedCheck(.fail("its file is broken"), name: "access", isNeededByPush: false),
            ], logger: LogBook().logger, clock: time.clock)
        let board = HealthBoard(dependencies: monitor) { good }
        async let checks = board.healthz()
        for _ in 0..<2 { try await time.pass(.milliseconds(200)) }
        #expect(
            await checks == [
                ProbeCheck(name: "ssh"), ProbeCheck(name: "storage"),
                ProbeCheck(name: "access", problem: "its file is broken"),
            ])
        #expect(board.readyz().failing.isEmpty, "dependencies are none of readiness' business")
        #expect(board.livez().failing.isEmpty)
    }

    @Test("/healthz is there after 800 ms though a dependency hangs")
    func healthzHangs() async throws {
        let good = good
        let time = ManualClock()
        let check = ScriptedCheck(.hangDeaf)
        let monitor = DependencyMonitor(checks: [check], logger: LogBook().logger, clock: time.clock)
        let board = HealthBoard(dependencies: monitor) { good }
        async let checks = board.healthz()
        try await time.pass(.milliseconds(800))
        #expect(await checks.map(\.problem) == [nil, "no answer within 800 ms"])
        check.release()
    }

    @Test("the gauges of the present are written when asked for")
    func gauges() {
        let book = MetricBook()
        let inputs = Mutex(good)
        let board = withMetricsFactory(book) {
            HealthBoard(
                dependencies: DependencyMonitor(
                    checks: [ScriptedCheck(.succeed, simulated: "down")], logger: LogBook().logger)
            ) { inputs.withLock { $0 } }
        }
        board.recordMetrics()
        #expect(book["slipway_ready"] == 1 && book["slipway_draining"] == 0)
        #expect(book["slipway_simulated_faults"] == 1)
        inputs.withLock { $0.drain = "draining" }
        board.recordMetrics()
        #expect(book["slipway_ready"] == 0 && book["slipway_draining"] == 1)
    }
}
