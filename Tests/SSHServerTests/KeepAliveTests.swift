import Subprocess
import Testing

@testable import SSHServer

@Suite("Signs of life", .timeLimit(.minutes(10))) struct KeepAliveTests {
    private func attentive(interval: Int, count: Int) -> (inout SSHServerConfiguration) -> Void {
        { configuration in
            configuration.keepAliveInterval = .seconds(interval)
            configuration.keepAliveCount = count
        }
    }

    @Test("a client that has vanished is parted from, and its command cancelled", arguments: [1, 3])
    func vanished(count: Int) async throws {
        try await TestServer.run(with: attentive(interval: 1, count: count)) { server in
            try await server.client.start("hold") { client in
                try await eventually("it runs") { server.handler.events == ["begin hold"] }
                try client.send(signal: .suspend)
                try await eventually("it is ended") {
                    server.handler.events == ["begin hold", "cancelled hold"]
                }
            }
            #expect(server.log.lines.contains { $0.contains("connection ended") && $0.contains("silent") })
        }
    }

    @Test("a client that is there but has nothing to say stays", arguments: [1, 2, 3])
    func quiet(count: Int) async throws {
        // With time enough for a busy machine to answer.
        try await TestServer.run(with: attentive(interval: 5, count: count)) { server async throws in
            #expect(try await server.client.run("wait \(5000 * count + 7000)").status == 0)
        }
    }
}
