import Health
import Testing

@testable import SSHServer

@Suite("Shutdown", .timeLimit(.minutes(10))) struct ShutdownTests {
    @Test("the circuit is closed while the server listens, and open afterwards")
    func circuit() async throws {
        let server = OnceOnly<TestServer>()
        try await TestServer.run { running in
            #expect(running.circuit.isClosed)
            server.set(running)
        }
        let ended = try #require(server.value)
        #expect(!ended.circuit.isClosed)
        #expect(ended.circuit.hasBeenClosed)
        try await eventually("the port is closed") { (try? RawConnection(port: ended.port)) == nil }
    }

    @Test("a shutdown opens the circuit at once, accepts for a while, then closes the port and lets commands finish")
    func graceful() async throws {
        try await TestServer.run(with: { $0.drainDelay = .seconds(6) }) { server in
            async let running = server.client.run("pass")
            try await eventually("it runs") { server.handler.events == ["begin pass"] }
            await server.shutDown()
            try await eventually("the circuit is open") { !server.circuit.isClosed }
            let late = try RawConnection(port: server.port)
            try await eventually("there is time left to connect") { late.has("SSH-2.0-") }
            try await eventually("the port is closed") { (try? RawConnection(port: server.port)) == nil }
            #expect(!server.hasStopped)
            server.handler.gate.open()
            #expect(try await running.status == 0)
            try await eventually("the server has ended") { server.hasStopped }
        }
    }

    @Test("a shutdown tells those who have logged in and do nothing")
    func idle() async throws {
        try await TestServer.run { server in
            async let idle = server.client.run(flags: ["-N"])
            try await eventually("logged in") { server.log.lines.contains { $0.contains("logged in") } }
            await server.shutDown()
            #expect(try await idle.errors.contains("The builder is restarting. Try again in a moment"))
            try await eventually("the server has ended") { server.hasStopped }
        }
    }

    @Test("a shutdown cancels what has had its time")
    func timeout() async throws {
        try await TestServer.run(with: { $0.drainTimeout = .milliseconds(300) }) { server in
            async let held = server.client.run("hold")
            try await eventually("it runs") { server.handler.events == ["begin hold"] }
            await server.shutDown()
            try await eventually("the server has ended") { server.hasStopped }
            #expect(server.handler.events == ["begin hold", "cancelled hold"])
            #expect(try await held.status != 0)
        }
    }

    @Test("a server without connections ends at once")
    func empty() async throws {
        try await TestServer.run { server in
            await server.shutDown()
            try await eventually("the server has ended") { server.hasStopped }
        }
    }
}
