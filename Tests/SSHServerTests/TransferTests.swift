import Subprocess
import Testing

@testable import SSHServer

@Suite("Bytes", .timeLimit(.minutes(10))) struct TransferTests {
    @Test(
        "bytes there and back arrive whole, also when keys are exchanged again and again",
        arguments: [
            (64, []), (16, ["RekeyLimit=1M"]),
            (16, ["Ciphers=aes128-ctr", "MACs=hmac-sha2-256-etm@openssh.com", "RekeyLimit=1M"]),
        ])
    func echo(megabytes: Int, settings: [String]) async throws {
        try await TestServer.run { server in
            var client = server.client
            client.settings = settings
            let bytes = Bytes.pattern(megabytes << 20)
            let result = try await client.run("echo", input: bytes)
            #expect(Bytes.areSame(result.output, bytes))
            #expect(result.status == 0)
        }
    }

    @Test("standard output and standard error arrive whole when both are written at once")
    func both() async throws {
        try await TestServer.run { server in
            let bytes = Bytes.pattern(5_000_000)
            let result = try await server.client.with("LogLevel=ERROR").run("both \(bytes.count)")
            #expect(Bytes.areSame(result.output, bytes))
            #expect(Bytes.areSame(result.errorOutput, bytes))
            #expect(result.status == 0)
        }
    }

    @Test("a write that is cancelled in the middle is sent whole, before the next one")
    func cancelledWrite() async throws {
        try await TestServer.run { server in
            let bytes = Bytes.pattern(8_000_000)
            var received: [UInt8] = []
            try await server.client.start("overtake \(bytes.count)") { client in
                for try await part in client.standardOutput {
                    // More has come than one packet, and more waits than the client's window holds.
                    if received.isEmpty { server.handler.gate.open() }
                    unsafe part.withUnsafeBytes { unsafe received.append(contentsOf: $0) }
                }
            }
            #expect(Bytes.areSame(received, bytes + Array("THE SECOND".utf8)))
            #expect(server.handler.events.contains("first: CancellationError()"))
        }
    }

    @Test(
        "a client that is killed in the middle ends the handler at once",
        arguments: [("flood", "closed flood"), ("read", "closed read"), ("hold", "cancelled hold")])
    func killed(command: String, event: String) async throws {
        try await TestServer.run { server in
            try await server.client.start(command) { _ in
                try await eventually("it runs") { server.handler.events == ["begin \(command)"] }
            }
            try await eventually("the handler has ended") {
                server.handler.events == ["begin \(command)", event]
            }
        }
    }
}
