import Synchronization
import TestSupport
import Testing

@testable import Health

@Suite struct PortWatchTests {
    private final class Target: Sendable {
        private let current = Mutex<DialTarget?>(nil)
        func point(to port: UInt16?) {
            current.withLock { $0 = port.map { DialTarget(host: "127.0.0.1", port: $0) } }
        }
        var value: DialTarget? { current.withLock { $0 } }
    }

    @Test("a port appears, ceases to answer, answers again and goes away")
    func life() async throws {
        let target = Target()
        let log = LogBook()
        let watch = PortWatch(
            target: { target.value }, period: .milliseconds(20), limit: .seconds(20), logger: log.logger)
        #expect(watch.latest.problem == "the SSH server is not listening")
        let run = Task { await watch.run() }
        let listener = try TestListener(sending: ["SSH-2.0-x\r\n"])
        defer { listener.stop() }
        target.point(to: listener.port)
        try await eventually("it answers") { watch.latest.last?.isOK == true }
        let closed = try TestListener.closed()
        target.point(to: closed.port)
        try await eventually("it fails") { watch.latest.failuresInARow >= 2 }
        var reading = watch.latest
        // However long this task had to wait for its turn.
        reading.age = .zero
        #expect(reading.problem == "the SSH port cannot be reached: connection refused")
        target.point(to: listener.port)
        try await eventually("it answers again") { watch.latest.last?.isOK == true }
        #expect(watch.latest.failuresInARow == 0)
        target.point(to: nil)
        try await eventually("it is gone") { !watch.latest.isListening }
        run.cancel()
        await run.value
        #expect(
            log.lines == [
                "error The SSH port does not answer cause=the SSH port cannot be reached: connection refused",
                "notice The SSH port answers again",
            ])
    }

    @Test("it ends at once when cancelled, even while a dial waits")
    func cancelled() async throws {
        let listener = try TestListener(sending: [])
        defer { listener.stop() }
        let port = listener.port
        let watch = PortWatch(
            target: { DialTarget(host: "127.0.0.1", port: port) }, limit: .seconds(3_600), logger: LogBook().logger)
        let run = Task { await watch.run() }
        try await eventually("it dials") { !listener.peerPorts.isEmpty }
        run.cancel()
        await run.value
        #expect(watch.latest.last == nil)
    }

    @Test("what is known grows old when nothing dials any more")
    func stale() async throws {
        let listener = try TestListener(sending: ["SSH-2.0-x\r\n"])
        defer { listener.stop() }
        let port = listener.port
        let watch = PortWatch(
            target: { DialTarget(host: "127.0.0.1", port: port) }, period: .seconds(3_600), limit: .seconds(60),
            logger: LogBook().logger)
        let run = Task { await watch.run() }
        try await eventually("it answers") { watch.latest.last?.isOK == true }
        #expect(watch.latest.latency != nil)
        let now = ContinuousClock.now
        #expect(watch.latest(at: now + .seconds(10_000)).problem == nil)
        #expect(
            watch.latest(at: now + .seconds(36_060)).problem == "not dialled for 10 h, which is to happen every 60 min")
        run.cancel()
        await run.value
    }
}
