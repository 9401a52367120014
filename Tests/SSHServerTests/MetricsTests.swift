import Health
import MetricsTestKit
import Testing

@testable import SSHServer

@Suite("Metrics", .timeLimit(.minutes(10))) struct MetricsTests {
    private func failures(_ server: TestServer, _ cause: String) -> Int64 {
        server.counted("handshake_failures", [("cause", cause)])
    }

    @Test("every series exists from the start, at zero")
    func series() async throws {
        try await TestServer.run { server in
            let all = (server.metrics.counters.map { ($0.label, $0.dimensions) })
                .map { "\($0)\($1.map { "{\($0)=\($1)}" }.joined())" }
            #expect(
                all.sorted() == [
                    "slipway_ssh_auth_attempts_total{result=accepted}",
                    "slipway_ssh_auth_attempts_total{result=refused}",
                    "slipway_ssh_connections_total",
                    "slipway_ssh_handshake_failures_total{cause=client_gone}",
                    "slipway_ssh_handshake_failures_total{cause=crowded}",
                    "slipway_ssh_handshake_failures_total{cause=key_exchange}",
                    "slipway_ssh_handshake_failures_total{cause=login_timeout}",
                    "slipway_ssh_handshake_failures_total{cause=too_many_tries}",
                    "slipway_ssh_refused_connections_total{cause=address}",
                    "slipway_ssh_refused_connections_total{cause=connections}",
                    "slipway_ssh_refused_connections_total{cause=descriptors}",
                    "slipway_ssh_refused_connections_total{cause=unauthenticated}",
                ])
            #expect(server.metrics.counters.allSatisfy { $0.values.count == 1 && $0.totalValue == 0 })
            #expect(server.gauge("connections", [("state", "authenticated")]) == 0)
            #expect(server.gauge("connections", [("state", "unauthenticated")]) == 0)
            #expect(server.gauge("connections_limit") == 1024)
            #expect(server.gauge("login_places_limit") == 100)
        }
    }

    @Test("connections are counted by state while they last")
    func connections() async throws {
        try await TestServer.run { server in
            func now() -> [Double?] {
                [
                    server.gauge("connections", [("state", "unauthenticated")]),
                    server.gauge("connections", [("state", "authenticated")]),
                ]
            }
            let silent = try RawConnection(port: server.port)
            try await eventually("served") { silent.has("SSH-2.0-") }
            try await server.client.start("hold") { _ in
                try await eventually("logged in") { server.handler.events == ["begin hold"] }
                #expect(now() == [1, 1])
                let slots = server.slots()
                #expect(slots.count == 2 && slots.limit == 1024 && !slots.isFull && slots.unauthenticated == 1)
                #expect(slots.loginPlaces.limit == 100 && !slots.loginPlaces.isFull)
            }
            try await eventually("gone") { now() == [1, 0] }
            #expect(server.counted("connections") == 2)
            #expect(server.counted("handshake_failures") == 0)
        }
    }

    @Test("a login counts once, and so does each key that nobody holds")
    func logins() async throws {
        try await TestServer.run { server in
            #expect(try await server.client.run("exit 3").status == 3)
            #expect(server.counted("auth_attempts", [("result", "accepted")]) == 1)
            #expect(server.counted("auth_attempts", [("result", "refused")]) == 0)
            var client = server.client
            client.keys = []
            for number in 1...2 {
                client.keys.append(try await TestKey(in: server.scratch, name: "stranger\(number)").path)
            }
            #expect(try await client.run("true").status == 255)
            #expect(server.counted("auth_attempts", [("result", "refused")]) == 2)
            // It has no more keys, and hangs up.
            try await eventually("it is gone") { failures(server, "client_gone") == 1 }
            client.keys += server.client.keys
            #expect(try await client.run("exit 3").status == 3)
            #expect(server.counted("auth_attempts", [("result", "accepted")]) == 2)
            #expect(server.counted("auth_attempts", [("result", "refused")]) == 4)
            #expect(server.counted("handshake_failures") == 1)
        }
    }

    @Test("too many keys are a cause of their own")
    func tooManyTries() async throws {
        try await TestServer.run(with: { $0.maximumAuthenticationTries = 1 }) { server in
            var client = server.client
            client.keys = [try await TestKey(in: server.scratch, name: "stranger").path]
            #expect(try await client.run("true").status == 255)
            try await eventually("it is counted") { failures(server, "too_many_tries") == 1 }
            #expect(server.counted("handshake_failures") == 1)
        }
    }

    @Test("a client that takes too long is a cause of its own")
    func timeout() async throws {
        try await TestServer.run(with: { $0.loginGraceTime = .milliseconds(300) }) { server in
            let client = try RawConnection(port: server.port)
            try await eventually("the connection is closed") { client.hasEnded }
            #expect(failures(server, "login_timeout") == 1)
            #expect(server.counted("handshake_failures") == 1)
        }
    }

    @Test(
        "what is not SSH fails the key exchange",
        arguments: [
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "SSH-1.5-Old\r\n",
            "SSH-2.0-Garbage\r\n" + String(repeating: "\u{7F}~", count: 20),
        ])
    func garbage(text: String) async throws {
        try await TestServer.run { server in
            let client = try RawConnection(port: server.port)
            client.send(text)
            try await eventually("the connection is closed") { client.hasEnded }
            try await eventually("it is counted") { failures(server, "key_exchange") == 1 }
            #expect(server.counted("handshake_failures") == 1)
        }
    }

    @Test("a client that knows none of our algorithms fails the key exchange")
    func noAlgorithm() async throws {
        try await TestServer.run { server in
            let result = try await server.client.with("KexAlgorithms=diffie-hellman-group14-sha256").run("true")
            #expect(result.status == 255)
            try await eventually("it is counted") { failures(server, "key_exchange") == 1 }
            #expect(server.counted("handshake_failures") == 1)
        }
    }

    @Test(
        "a client that goes before it has logged in is gone, whatever it said",
        arguments: ["", "SSH-2.0-Scan\r\n", "SS"])
    func gone(text: String) async throws {
        try await TestServer.run { server in
            do {
                let client = try RawConnection(port: server.port)
                try await eventually("served") { client.has("SSH-2.0-") }
                client.send(text)
            }
            try await eventually("it is counted") { failures(server, "client_gone") == 1 }
            #expect(server.counted("handshake_failures") == 1)
        }
    }

    @Test("a client that does not trust our host key is gone")
    func untrusting() async throws {
        try await TestServer.run { server in
            let result = try await server.client.with("StrictHostKeyChecking=yes").run("true")
            #expect(result.status == 255)
            try await eventually("it is counted") { failures(server, "client_gone") == 1 }
            #expect(server.counted("handshake_failures") == 1)
        }
    }

    @Test(
        "refusals are counted by cause",
        arguments: [.connections, .unauthenticated, .address] as [ConnectionLimits.Refusal])
    func refusals(cause: ConnectionLimits.Refusal) async throws {
        let adjust: (inout SSHServerConfiguration) -> Void = { configuration in
            switch cause {
            case .connections: configuration.limits.maximumConnections = 1
            case .unauthenticated: configuration.limits.maximumUnauthenticated = 1
            case .address: configuration.limits.maximumPerAddress = 1
            // For tests of the whole program: this process has others in it.
            case .descriptors: break
            }
        }
        try await TestServer.run(with: adjust) { server in
            let first = try RawConnection(port: server.port)
            try await eventually("served") { first.has("SSH-2.0-") }
            let second = try RawConnection(port: server.port)
            try await eventually("refused") { second.hasEnded }
            #expect(server.counted("refused_connections", [("cause", "\(cause)")]) == 1)
            #expect(server.counted("refused_connections") == 1)
            #expect(server.counted("connections") == 1)
        }
    }

    @Test("those who are parted from by a shutdown have not failed")
    func shutdown() async throws {
        try await TestServer.run { server in
            let client = try RawConnection(port: server.port)
            try await eventually("served") { client.has("SSH-2.0-") }
            await server.shutDown()
            try await eventually("the server has ended") { server.hasStopped }
            #expect(client.hasEnded)
            #expect(server.counted("handshake_failures") == 0)
        }
    }
}
