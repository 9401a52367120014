import Foundation
import Testing

@testable import HealthServer

/// Whoever fills the port must not keep kubelet out.
@Suite struct ManyConnectionsTests {
    private static let limit = 8

    private var limits: ConnectionLimits {
        var limits = ConnectionLimits()
        limits.connections = Self.limit
        return limits
    }

    @Test(
        "a port that is full of connections without a whole request answers a fresh probe at once",
        arguments: ["", "GET /liv", "GET /livez HTTP/1.1\r\nHost: x\r\n"])
    func halfRequests(_ beginning: String) async throws {
        try await TestServer.run(limits: limits) { server in
            let (answers, slowest) = try await onThread {
                var held: [RawClient] = []
                for _ in 0..<5 * Self.limit {
                    let client = try RawClient(port: server.port)
                    try? client.send(beginning)
                    held.append(client)
                }
                var answers: [Int] = []
                var slowest = Duration.zero
                for _ in 0..<3 * Self.limit {
                    let start = ContinuousClock.now
                    let client = try RawClient(port: server.port, limitSeconds: 5)
                    try client.ask("/livez")
                    answers.append(try client.response().code)
                    slowest = max(slowest, ContinuousClock.now - start)
                    // It stays open, and is the next to be idle.
                    held.append(client)
                }
                return (answers, slowest)
            }
            #expect(answers.allSatisfy { $0 == 200 } && answers.count == 3 * Self.limit)
            #expect(slowest < .seconds(5))
        }
    }

    @Test("the oldest idle connection makes room; one whose request is in work stays")
    func oldestFirst() async throws {
        try await TestServer.run(limits: limits) { server in
            let (gate, open) = AsyncStream.makeStream(of: Void.self)
            server.board.gate = gate
            let (busy, kept, lost) = try await onThread {
                let busy = try RawClient(port: server.port)
                try busy.ask("/healthz")
                var idle: [RawClient] = []
                for _ in 0..<Self.limit {
                    // Sooner than any other limit would end it.
                    let client = try RawClient(port: server.port, limitSeconds: 5)
                    try client.ask("/livez")
                    _ = try client.response()
                    idle.append(client)
                }
                // One too many with the busy one: the first idle one had to go, the others are answered again.
                let lost = try idle.removeFirst().rest()
                let kept = try idle.map { client in
                    try client.ask("/livez")
                    return try client.response().code
                }
                open.finish()
                return (try busy.response().code, kept, lost)
            }
            #expect(lost.isEmpty)
            #expect(kept.allSatisfy { $0 == 200 } && kept.count == Self.limit - 1)
            #expect(busy == 200)
        }
    }

    @Test("a port that is full of requests in work answers a fresh probe all the same")
    func allBusy() async throws {
        try await TestServer.run(limits: limits) { server in
            let (gate, open) = AsyncStream.makeStream(of: Void.self)
            server.board.gate = gate
            defer { open.finish() }
            let code = try await onThread {
                let held = try (0..<3 * Self.limit).map { _ in
                    let client = try RawClient(port: server.port)
                    try client.ask("/healthz")
                    return client
                }
                let client = try RawClient(port: server.port, limitSeconds: 5)
                try client.ask("/livez")
                return try withExtendedLifetime(held) { try client.response().code }
            }
            #expect(code == 200)
        }
    }
}
