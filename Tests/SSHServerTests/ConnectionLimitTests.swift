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
            (0, 0, 0, 0, nil), (9, 0, 0, 0, nil), (10, 0, 0, 0.99, .connections), (0, 0, 3, 0.99, .address),
            (0, 4, 0, 0.99, .unauthenticated), (0, 2, 0, 0, nil), (0, 3, 0, 0.49, .unauthenticated),
            (0, 3, 0, 0.51, nil), (10, 4, 3, 0, .connections), (9, 4, 3, 0, .address),
        ] as [(Int, Int, Int, Double, ConnectionLimits.Refusal?)])
    func decision(
        connections: Int, unauthenticated: Int, fromAddress: Int, chance: Double, expected: ConnectionLimits.Refusal?
    ) {
        let limits = ConnectionLimits(maximumConnections: 10, maximumUnauthenticated: 4, maximumPerAddress: 3)
        let refusal = limits.refusal(
            connections: connections, unauthenticated: unauthenticated, fromAddress: fromAddress,
            unauthenticatedFromAddress: 0, chance: chance)
        #expect(refusal == expected)
    }

    @Test("one address gets half of the places for logins")
    func loginsPerAddress() {
        let limits = ConnectionLimits(maximumConnections: 100, maximumUnauthenticated: 10, maximumPerAddress: 100)
        func refusal(_ count: Int) -> ConnectionLimits.Refusal? {
            limits.refusal(
                connections: count, unauthenticated: count, fromAddress: count, unauthenticatedFromAddress: count,
                chance: 0.99)
        }
        #expect(refusal(4) == nil)
        #expect(refusal(5) == .unauthenticated)
    }

    @Test("the smallest limits let one connection in", arguments: [0.0, 0.99])
    func smallest(chance: Double) {
        let limits = ConnectionLimits(maximumConnections: 1, maximumUnauthenticated: 1, maximumPerAddress: 1)
        #expect(
            limits.refusal(
                connections: 0, unauthenticated: 0, fromAddress: 0, unauthenticatedFromAddress: 0, chance: chance)
                == nil)
    }
}
