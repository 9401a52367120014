import Subprocess
import Testing

@testable import SSHServer

@Suite("Trouble with the list of keys", .timeLimit(.minutes(10))) struct KeySourceTroubleTests {
    private static let words = "this may not be your key's fault"

    private func stranger(_ server: TestServer, _ count: Int = 1) async throws -> SSHClient {
        var client = server.client
        client.keys = []
        for number in 1...count {
            client.keys.append(try await TestKey(in: server.scratch, name: "stranger\(number)").path)
        }
        return client
    }

    @Test("a client whose key is refused is told, in words, before ssh gives up")
    func told() async throws {
        try await TestServer.run { server in
            server.keys.setTrouble("line 3 is not valid since 14:02 UTC")
            let result = try await stranger(server).run("true")
            #expect(result.status == 255)
            let expected =
                "slipway: the access list cannot be read right now, so this may not be your key's fault: line 3 is not "
                + "valid since 14:02 UTC. Try again in a moment, or tell whoever runs this builder."
            #expect(result.errors.contains(expected), "\(result.errors)")
            #expect(result.errors.contains("Permission denied (publickey)"), "\(result.errors)")
        }
    }

    @Test("git shows it too")
    func git() async throws {
        try await TestServer.run { server in
            server.keys.setTrouble("the file is gone")
            let client = try await stranger(server)
            let words = ["ssh"] + client.settings.flatMap { ["-o", $0] } + client.arguments([], []).dropLast(3)
            let result = try await Tool.run(
                "git", ["ls-remote", "ssh://git@127.0.0.1:\(server.port)/blog.git"],
                environment: ["GIT_SSH_COMMAND": words.joined(separator: " ")])
            #expect(result.status != 0)
            #expect(result.errors.contains("\(Self.words): the file is gone."), "\(result.errors)")
        }
    }

    @Test("another client than OpenSSH's understands it, and goes on")
    func otherClient() async throws {
        try await TestServer.run { server in
            server.keys.setTrouble("the file is gone")
            let (unknown, known) = (try await stranger(server).keys[0], server.client.keys[0])
            let outcomes = try await CrudeClient.run(port: server.port) { client in
                [client.login(key: unknown), client.login(key: unknown), client.login(key: known)]
            }
            #expect(outcomes == [.denied, .denied, .succeeded])
        }
    }

    @Test("it is said once, however many keys are refused, and the right one still logs in")
    func once() async throws {
        try await TestServer.run { server in
            server.keys.setTrouble("the file is gone")
            var client = try await stranger(server, 4)
            client.keys += server.client.keys
            let result = try await client.run("exit 7")
            #expect(result.status == 7)
            #expect(result.errors.ranges(of: Self.words).count == 1, "\(result.errors)")
        }
    }

    @Test("who tries too many keys is told both")
    func tooManyTries() async throws {
        try await TestServer.run { server in
            server.keys.setTrouble("the file is gone")
            let result = try await stranger(server, 7).run("true")
            #expect(result.errors.contains(Self.words), "\(result.errors)")
            #expect(result.errors.contains("Too many keys were tried"), "\(result.errors)")
        }
    }

    @Test("who logs in at once, and who is refused while all is well, hears nothing of it")
    func silent() async throws {
        try await TestServer.run { server in
            server.keys.setTrouble("the file is gone")
            let known = try await server.client.run("exit 7")
            #expect(known.status == 7)
            #expect(!known.errors.contains("slipway"), "\(known.errors)")
            server.keys.setTrouble(nil)
            let unknown = try await stranger(server).run("true")
            #expect(unknown.status == 255)
            #expect(!unknown.errors.contains("slipway"), "\(unknown.errors)")
        }
    }

    @Test(
        "only printable text reaches a terminal, and not without end",
        arguments: [
            ("a\u{1B}[31mb\r\nc\u{0}d", "a?[31mb??c?d"), ("naïve \u{202E}x", "na?ve ?x"),
            (String(repeating: "x", count: 5000), String(repeating: "x", count: 200)), ("", ""),
        ])
    func sanitised(trouble: String, shown: String) {
        let text = LoginBanner.text(trouble: trouble)
        #expect(text.hasPrefix("slipway: the access list cannot be read right now, so this may"))
        #expect(text.hasSuffix("fault: \(shown). Try again in a moment, or tell whoever runs this builder.\r\n"))
    }
}
