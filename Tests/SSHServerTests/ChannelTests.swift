import Testing

@testable import SSHServer

@Suite("Channels", .timeLimit(.minutes(10))) struct ChannelTests {
    @Test("a command's exit status arrives", arguments: [0, 1, 7, 255])
    func exitStatus(status: Int32) async throws {
        try await TestServer.run { server async throws in
            #expect(try await server.client.run("exit \(status)").status == status)
        }
    }

    @Test("the client's end of input ends the handler's reading")
    func endOfInput() async throws {
        try await TestServer.run { server async throws in
            let result = try await server.client.run("echo", input: Array("some words".utf8))
            #expect(result.text == "some words")
            #expect(result.status == 0)
            #expect(server.handler.events == ["begin echo", "end echo"])
        }
    }

    @Test("the client's address is known", arguments: ["127.0.0.1", "::1"])
    func address(host: String) async throws {
        try await TestServer.run { server async throws in
            var client = server.client
            client.host = host
            #expect(try await client.run("address").text == host)
        }
    }

    @Test("only GIT_PROTOCOL is taken from the client's environment, and only a valid value")
    func environment() async throws {
        try await TestServer.run { server async throws in
            let valid = server.client.with("SetEnv=GIT_PROTOCOL=version=2")
            #expect(try await valid.run("protocol").text == "version=2")
            let invalid = server.client.with("SetEnv=GIT_PROTOCOL=version=2;ls")
            #expect(try await invalid.run("protocol").text == "none")
            let other = server.client.with("SetEnv=LC_ALL=C PATH=/tmp")
            #expect(try await other.run("protocol").text == "none")
        }
    }

    @Test("a terminal is refused, but whoever logs in from one gets an answer")
    func terminal() async throws {
        try await TestServer.run { server in
            let words = ["ssh"] + server.client.arguments([], [])
            let result = try await Tool.run("script", ["-qec", words.joined(separator: " "), "/dev/null"])
            #expect(result.text.contains("PTY allocation request failed"))
            #expect(result.text.contains("hello alice, no shell here"))
            #expect(result.status == 0)
        }
    }

    @Test("two commands run at once on one connection, and one after the other")
    func multiplexing() async throws {
        try await TestServer.run { server async throws in
            let path = server.scratch("control")
            let shared = server.client.with("ControlPath=\(path)")
            try await shared.with("ControlMaster=yes").start(flags: ["-N"]) { _ in
                try await eventually("the master is ready") {
                    try await shared.run(flags: ["-O", "check"]).status == 0
                }
                async let first = shared.run("source 3000000")
                async let second = shared.run("echo", input: Bytes.pattern(3_000_000))
                #expect(try await first.output == Bytes.pattern(3_000_000))
                #expect(try await second.output == Bytes.pattern(3_000_000))
                // More than may be open at once: each gives its place back.
                for _ in 0..<15 { #expect(try await shared.run("exit 3").status == 3) }
                for _ in 0..<15 { #expect(try await shared.run("sftp", flags: ["-s"]).status != 0) }
                #expect(try await shared.run("exit 4").status == 4)
            }
            #expect(server.log.lines.count { $0.contains("logged in") } == 1)
        }
    }
}
