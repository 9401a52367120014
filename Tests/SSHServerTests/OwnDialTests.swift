import Health
import Testing

@testable import SSHServer

@Suite("The builder's own dials", .timeLimit(.minutes(10))) struct OwnDialTests {
    /// Room for one connection, which each test takes.
    private func tiny(_ configuration: inout SSHServerConfiguration) {
        configuration.limits.maximumConnections = 1
    }

    private func dial(_ server: TestServer) throws -> RawConnection {
        try RawConnection(port: server.port, from: ("127.0.0.1", 0)) { server.ownDials.expect(localPort: $0) }
    }

    @Test("they are served when all places are taken, take none themselves, and count nowhere")
    func bypass() async throws {
        try await TestServer.run(with: tiny) { server in
            let client = try RawConnection(port: server.port)
            try await eventually("served") { client.has("SSH-2.0-") }
            try #require(server.slots().isFull)
            for _ in 0..<10 {
                let dial = try dial(server)
                try await eventually("answered") { dial.has("SSH-2.0-") }
                server.ownDials.forget(localPort: dial.localPort)
            }
            try await eventually("they have ended") {
                server.log.lines.count { $0.contains("connection ended") } == 10
            }
            #expect(server.slots().count == 1 && server.slots().isFull && server.slots().unauthenticated == 1)
            #expect(server.counted("connections") == 1)
            #expect(server.counted("refused_connections") == 0)
            #expect(server.counted("handshake_failures") == 0)
            #expect(server.gauge("connections", [("state", "unauthenticated")]) == 1)
            let loud = server.log.lines.filter { !$0.hasPrefix("debug") }
            #expect(loud.count == 1 && loud[0].contains("listening"), "\(loud)")
            let stranger = try RawConnection(port: server.port)
            try await eventually("refused") { stranger.hasEnded }
            #expect(stranger.has("too many connections"))
        }
    }

    @Test("a port that was forgotten, or has been used once, is a stranger's")
    func onceOnly() async throws {
        try await TestServer.run(with: tiny) { server in
            let client = try RawConnection(port: server.port)
            try await eventually("served") { client.has("SSH-2.0-") }
            let forgotten = try RawConnection(port: server.port, from: ("127.0.0.1", 0)) {
                server.ownDials.expect(localPort: $0)
                server.ownDials.forget(localPort: $0)
            }
            try await eventually("refused") { forgotten.hasEnded }
            #expect(!forgotten.has("SSH-2.0-"))
            let dials = OwnDials(address: "127.0.0.1")
            let peer = try #require(SocketAddress(numeric: "127.0.0.1", port: 4711))
            dials.expect(localPort: 4711)
            // A socket without an address is nobody's.
            #expect(!dials.claim(peer, on: -1))
        }
    }

    @Test(
        "the same port of another address is a stranger's",
        arguments: [("127.0.0.2", "127.0.0.2"), ("127.0.0.2", "127.0.0.1"), ("127.0.0.1", "127.0.0.3"), ("::1", "::1")])
    func otherAddress(source: String, host: String) async throws {
        try await TestServer.run(with: tiny) { server in
            let client = try RawConnection(port: server.port)
            try await eventually("served") { client.has("SSH-2.0-") }
            let stranger = try RawConnection(port: server.port, host: host, from: (source, 0)) {
                server.ownDials.expect(localPort: $0)
            }
            try await eventually("refused") { stranger.hasEnded }
            #expect(stranger.has("too many connections") && !stranger.has("SSH-2.0-"))
        }
    }

    @Test("four are served at one time, and a fifth is a stranger until one has ended")
    func bounded() async throws {
        try await TestServer.run(with: tiny) { server in
            let client = try RawConnection(port: server.port)
            try await eventually("served") { client.has("SSH-2.0-") }
            var dials: [RawConnection] = []
            for _ in 0..<OwnDials.maximumOutstanding {
                let dial = try dial(server)
                try await eventually("answered") { dial.has("SSH-2.0-") }
                dials.append(dial)
            }
            let fifth = try dial(server)
            try await eventually("refused") { fifth.hasEnded }
            #expect(!fifth.has("SSH-2.0-"))
            dials.removeFirst()
            try await eventually("there is room again") {
                let next = try self.dial(server)
                try await eventually("an answer") { next.has("\r\n") }
                return next.has("SSH-2.0-")
            }
        }
    }

    @Test("the oldest of too many expected ports is forgotten")
    func oldest() async throws {
        try await TestServer.run(with: tiny) { server in
            let client = try RawConnection(port: server.port)
            try await eventually("served") { client.has("SSH-2.0-") }
            let first = try RawConnection(port: server.port, from: ("127.0.0.1", 0)) {
                for port in [$0, 1, 2, 3, 4] { server.ownDials.expect(localPort: port) }
            }
            try await eventually("refused") { first.hasEnded }
            #expect(!first.has("SSH-2.0-"))
            let last = try RawConnection(port: server.port, from: ("127.0.0.1", 0)) {
                for port in [1, 2, 3, $0, 3] { server.ownDials.expect(localPort: port) }
            }
            try await eventually("answered") { last.has("SSH-2.0-") }
        }
    }

    @Test("one that never ends is parted from like any client that does not log in")
    func endless() async throws {
        try await TestServer.run(with: { $0.loginGraceTime = .milliseconds(300) }) { server in
            let dial = try dial(server)
            try await eventually("parted from") { dial.hasEnded }
            #expect(dial.has("Login took too long"))
            #expect(server.counted("handshake_failures") == 0)
        }
    }

    @Test(
        "the address to dial is one that the server listens on",
        arguments: [
            ([], "127.0.0.1"), (["0.0.0.0"], "127.0.0.1"), (["::"], "::1"), (["0:0::1", "127.0.0.1"], "::1"),
            (["127.0.0.7"], "127.0.0.7"), (["::ffff:127.0.0.9"], "127.0.0.9"),
        ] as [([String], String)])
    func address(addresses: [String], expected: String) {
        #expect(ListeningSocket.dialled(for: addresses) == expected)
    }

    @Test(
        "the watch of the port is answered by a full server, whatever address it listens on",
        arguments: [[], ["127.0.0.1"], ["127.0.0.7"], ["::1"], ["0.0.0.0"], ["::"]])
    func watch(addresses: [String]) async throws {
        let adjust: (inout SSHServerConfiguration) -> Void = { configuration in
            configuration.addresses = addresses
            configuration.limits.maximumConnections = 1
        }
        try await TestServer.run(with: adjust) { server in
            let client = try RawConnection(port: server.port, host: server.dialTarget.host)
            try await eventually("served") { client.has("SSH-2.0-") }
            let (dials, target) = (server.ownDials, server.dialTarget)
            let watch = PortWatch(
                target: { target }, period: .milliseconds(20), onBound: { dials.expect(localPort: $0) },
                onEnd: { dials.forget(localPort: $0) }, logger: server.log.logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await watch.run() }
                try await eventually("it has dialled often") {
                    server.log.lines.count { $0.contains("connection ended") } >= 10
                }
                group.cancelAll()
            }
            #expect(watch.latest.problem == nil)
            #expect(watch.latest.failuresInARow == 0)
            #expect(server.counted("connections") == 1)
            #expect(server.counted("refused_connections") == 0)
        }
    }
}
