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
        try await TestServer.run(with: { $0.drainDelay = .seconds(20) }) { server in
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

    @Test("what is asked for while connections are still accepted is served to its end")
    func late() async throws {
        try await TestServer.run(with: { $0.drainDelay = .seconds(20) }) { server in
            async let early = server.client.run("pass")
            try await eventually("it runs") { server.handler.events == ["begin pass"] }
            await server.shutDown()
            try await eventually("the circuit is open") { !server.circuit.isClosed }
            #expect(try await server.client.run("exit 3").status == 3)
            async let late = server.client.run("pass")
            try await eventually("it runs") { server.handler.events.count { $0 == "begin pass" } == 2 }
            try await eventually("the port is closed") { (try? RawConnection(port: server.port)) == nil }
            server.handler.gate.open()
            #expect(try await early.status == 0)
            #expect(try await late.status == 0)
            try await eventually("the server has ended") { server.hasStopped }
        }
    }

    @Test("each step of a shutdown can be seen")
    func steps() async throws {
        try await TestServer.run(with: { $0.drainDelay = .seconds(3) }) { server in
            #expect(server.drain.phase == .serving)
            async let running = server.client.run("pass")
            try await eventually("it runs") { server.handler.events == ["begin pass"] }
            await server.shutDown()
            try await eventually("it begins") { server.drain.isDraining }
            guard case .stillAccepting(let rest) = server.drain.phase, rest > .zero, rest <= .seconds(3) else {
                Issue.record("\(server.drain.phase)")
                return
            }
            try await eventually("it waits") {
                guard case .waiting(let rest) = server.drain.phase else { return false }
                return rest > .seconds(290) && rest <= .seconds(302)
            }
            #expect(!server.hasStopped)
            server.handler.gate.open()
            #expect(try await running.status == 0)
            try await eventually("it is over") { server.drain.phase == .ended }
        }
    }

    @Test("a server that is ended the hard way has not been drained")
    func cancelled() async throws {
        let server = OnceOnly<TestServer>()
        try await TestServer.run { server.set($0) }
        #expect(try #require(server.value).drain.phase == .serving)
    }

    @Test("the accept loop shows that it lives, and says so when it ends on purpose")
    func heartbeat() async throws {
        try await TestServer.run { server in
            let start = server.heartbeat.count
            try await eventually("it beats while nobody connects") {
                server.heartbeat.count >= start + 3
            }
            #expect(!server.heartbeat.isRetired)
            await server.shutDown()
            try await eventually("it is retired") { server.heartbeat.isRetired }
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
