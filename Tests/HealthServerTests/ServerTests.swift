import HTTPTypes
import Logging
import Testing

@testable import HealthServer

@Suite struct ServerTests {
    @Test("an address that cannot be listened on ends the server, with the reason")
    func addressInUse() async throws {
        try await TestServer.run { running in
            let second = HealthServer(
                addresses: ["127.0.0.1"], port: running.port, board: TestBoard(), status: TestStatus(),
                metrics: { [] }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let error = await #expect(throws: HealthServerError.self) { try await second.run() }
            #expect(error?.description.contains("Address already in use") == true)
        }
    }

    @Test("a shutdown ends the server though a connection is open and idle")
    func shutdown() async throws {
        let start = ContinuousClock.now
        let client = try await TestServer.run { server in
            try await onThread {
                let client = try RawClient(port: server.port)
                try client.ask("/livez")
                _ = try client.response()
                return Kept(client: client)
            }
        }
        #expect(try await onThread { try client.client.rest() }.isEmpty)
        #expect(ContinuousClock.now - start < .seconds(8))
    }

    /// Handed from one thread to the next, never used by two.
    private struct Kept: @unchecked Sendable { let client: RawClient }

    @Test("a cancellation ends the server as a shutdown does, also when connections come in all the while")
    func cancellation() async throws {
        let (ports, port) = AsyncStream.makeStream(of: UInt16.self)
        let server = HealthServer(
            addresses: ["127.0.0.1"], port: 0, board: TestBoard(), status: TestStatus(), metrics: { [] },
            logger: Logger(label: "test") { _ in PortLog(port: port) })
        let serving = Task { try await server.run() }
        var iterator = ports.makeAsyncIterator()
        let number = try #require(await iterator.next())
        async let knocking: Void = onThread {
            // Until nobody listens any more.
            while let client = try? RawClient(port: number, limitSeconds: 5) { try? client.ask("/livez") }
        }
        serving.cancel()
        try await serving.value
        try await knocking
    }

    @Test("one address that cannot be listened on ends all")
    func oneOfTwo() async throws {
        let server = HealthServer(
            addresses: ["127.0.0.1", "192.0.2.1"], port: 0, board: TestBoard(), status: TestStatus(),
            metrics: { [] }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let error = await #expect(throws: HealthServerError.self) { try await server.run() }
        #expect(error?.description.contains("Cannot assign requested address") == true)
    }

    @Test("answers are counted by endpoint and code, from nought")
    func metrics() {
        let metrics = CountingMetrics()
        let responder = HealthResponder(
            board: TestBoard(), status: TestStatus(), metrics: { [] }, counters: HealthServerMetrics(factory: metrics))
        #expect(metrics.value("livez", 200) == 0)
        #expect(metrics.value("other", 404) == 0)
        for path in ["/livez", "/livez?verbose", "/readyz/ssh", "/readyz/x", "/x", "/"] {
            _ = responder.immediate(.init(method: .get, scheme: "http", authority: "x", path: path))
        }
        _ = responder.immediate(.init(method: .post, scheme: "http", authority: "x", path: "/livez"))
        #expect(metrics.value("livez", 200) == 2)
        #expect(metrics.value("livez", 405) == 1)
        #expect(metrics.value("readyz", 200) == 1)
        #expect(metrics.value("readyz", 404) == 1)
        #expect(metrics.value("other", 404) == 1)
        #expect(metrics.value("other", 302) == 1)
    }
}
