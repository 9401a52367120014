import Subprocess
import Testing

@testable import SSHServer

@Suite("Back-pressure", .timeLimit(.minutes(10))) struct BackPressureTests {
    /// What a stuck transfer may have swallowed: a few windows, pipes and buffers of either side.
    private static let limit = 8_000_000

    /// Waits until `count` has not changed for a while.
    private func settled(_ count: () -> Int) async throws -> Int {
        var last = (-1, ContinuousClock.now)
        try await eventually("it stands still") {
            let now = count()
            if now != last.0 { last = (now, .now) }
            return now > 0 && ContinuousClock.now - last.1 > .milliseconds(500)
        }
        return last.0
    }

    @Test("a handler that does not read stops the client, and loses nothing")
    func slowHandler() async throws {
        try await TestServer.run { server in
            let bytes = Bytes.pattern(30_000_000)
            let sent = Counter()
            try await server.client.start("sink") { client in
                async let sending: Void = {
                    for start in stride(from: 0, to: bytes.count, by: 50_000) {
                        let part = Array(bytes[start..<min(start + 50_000, bytes.count)])
                        sent.add(try await client.standardInputWriter.write(part))
                    }
                    try await client.standardInputWriter.finish()
                }()
                #expect(try await settled { sent.value } < Self.limit)
                server.handler.gate.open()
                try await sending
                var answer = ""
                for try await part in client.standardOutput {
                    answer += unsafe part.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
                }
                #expect(answer == "\(bytes.count)")
            }
        }
    }

    @Test("a client that does not read suspends the handler's writes", arguments: [false, true])
    func slowClient(stopped: Bool) async throws {
        try await TestServer.run { server in
            let written = { server.handler.written.value }
            try await server.client.start("flood") { client in
                try await eventually("it runs") { written() > 0 }
                if stopped { try client.send(signal: .suspend) }
                #expect(try await settled(written) < Self.limit)
            }
            try await eventually("the handler has ended") {
                server.handler.events == ["begin flood", "closed flood"]
            }
        }
    }
}
