import Health
import Testing

@testable import SSHServer

@Suite("Limits on connections", .timeLimit(.minutes(10))) struct ConnectionLimitTests {
    @Test("more connections than allowed are refused with words, until one ends")
    func total() async throws {
        try await TestServer.run(with: { $0.limits.maximumConnections = 2 }) { server in
            var first: RawConnection? = try RawConnection(port: server.port)
            let second = try RawConnection(port: server.port)
            try await eventually("both are served") { first?.has("SSH-2.0-") == true && second.has("SSH-2.0-") }
            let third = try RawConnection(port: server.port)
            try await eventually("the third is refused") { third.hasEnded }
            #expect(third.has("slipway: too many connections, try again in a moment\r\n"))
            #expect(!third.has("SSH-2.0-"))
            first = nil
            try await eventually("there is room again") {
                let next = try RawConnection(port: server.port)
                try await eventually("an answer") { next.has("\r\n") }
                return next.has("SSH-2.0-")
            }
        }
    }

    @Test("connections that have not logged in count by themselves, and no longer once they have")
    func unauthenticated() async throws {
        try await TestServer.run(with: { $0.limits.maximumUnauthenticated = 1 }) { server in
            try await server.client.start("hold") { _ in
                try await eventually("logged in") { server.handler.events == ["begin hold"] }
                let first = try RawConnection(port: server.port)
                try await eventually("served") { first.has("SSH-2.0-") }
                let second = try RawConnection(port: server.port)
                try await eventually("refused") { second.hasEnded }
                #expect(second.has("too many connections that have not logged in"))
            }
        }
    }

    @Test("one address that takes all places for logins loses one to another address at once, and is told so")
    func oneAddressHoldsAll() async throws {
        try await TestServer.run(with: { $0.limits.maximumUnauthenticated = 2 }) { server in
            let silent = try (0..<2).map { _ in try RawConnection(port: server.port) }
            try await eventually("both are served") { silent.allSatisfy { $0.has("SSH-2.0-") } }
            #expect(server.slots().loginPlaces.isFull)
            let other = try RawConnection(port: server.port, host: "::1")
            try await eventually("the other is served") { other.has("SSH-2.0-") }
            try await eventually("the oldest is parted from") { silent[0].hasEnded }
            #expect(silent[0].has("there is no place for one that takes so long"))
            #expect(!silent[1].hasEnded)
            try await eventually("it is counted") {
                server.counted("handshake_failures", [("cause", "crowded")]) == 1
            }
        }
    }

    @Test("clients that never log in do not keep a user out who comes a little later")
    func userGetsIn() async throws {
        try await TestServer.run(with: { $0.limits.maximumUnauthenticated = 2 }) { server in
            let silent = try (0..<2).map { _ in try RawConnection(port: server.port) }
            try await eventually("both are served") { silent.allSatisfy { $0.has("SSH-2.0-") } }
            try await eventually("the server is ready for newcomers") { !server.slots().loginPlaces.isFull }
            #expect(silent.allSatisfy { !$0.hasEnded })
            #expect(try await server.client.run("exit 3").status == 3)
        }
    }

    @Test("one address cannot take all places")
    func perAddress() async throws {
        try await TestServer.run(with: { $0.limits.maximumPerAddress = 1 }) { server in
            let first = try RawConnection(port: server.port)
            try await eventually("served") { first.has("SSH-2.0-") }
            let second = try RawConnection(port: server.port)
            try await eventually("refused") { second.hasEnded }
            #expect(second.has("too many connections from your address"))
            let other = try RawConnection(port: server.port, host: "::1")
            try await eventually("served") { other.has("SSH-2.0-") }
        }
    }

    @Test(
        "the decision follows the numbers",
        arguments: [
            (0, 0, nil), (9, 0, nil), (10, 0, .connections), (0, 2, nil), (0, 3, .address), (10, 3, .connections),
            (9, 3, .address),
        ] as [(Int, Int, ConnectionLimits.Refusal?)])
    func decision(connections: Int, fromAddress: Int, expected: ConnectionLimits.Refusal?) {
        let limits = ConnectionLimits(maximumConnections: 10, maximumUnauthenticated: 4, maximumPerAddress: 3)
        #expect(limits.refusal(connections: connections, fromAddress: fromAddress) == expected)
    }

    @Test("limits that the process has descriptors for stay as they are")
    func enoughDescriptors() throws {
        let limits = ConnectionLimits(maximumConnections: 1024, maximumUnauthenticated: 64, maximumPerAddress: 256)
        #expect(try limits.fitted(to: 8192) == limits)
        #expect(limits.neededDescriptors == 8192)
    }

    @Test(
        "with few descriptors there are fewer connections, and room for what is done on them",
        arguments: [(8191, 1023), (1024, 128), (256, 32)])
    func fewDescriptors(descriptors: Int, connections: Int) throws {
        let limits = try ConnectionLimits(
            maximumConnections: 1024, maximumUnauthenticated: 64, maximumPerAddress: 256
        ).fitted(to: descriptors)
        #expect(limits.maximumConnections == connections)
        #expect(limits.maximumUnauthenticated == min(64, connections / 2))
        #expect(limits.maximumPerAddress == min(256, connections))
    }

    @Test("with hardly any descriptors there is no start, and the reason is told")
    func noDescriptors() {
        let limits = ConnectionLimits(maximumConnections: 1, maximumUnauthenticated: 1, maximumPerAddress: 1)
        let error = #expect(throws: SSHServerError.self) { try limits.fitted(to: 255) }
        #expect(error.map { "\($0)".contains("255, at least 256 are needed") } == true)
    }
}
