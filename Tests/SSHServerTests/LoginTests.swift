import Testing

@testable import SSHServer

@Suite("Login", .timeLimit(.minutes(10))) struct LoginTests {
    @Test(
        "a known key of each kind logs in",
        arguments: [
            ("ed25519", nil, []), ("ecdsa", 256, []), ("ecdsa", 384, []), ("ecdsa", 521, []),
            ("rsa", 2048, ["PubkeyAcceptedAlgorithms=rsa-sha2-256"]),
            ("rsa", 2048, ["PubkeyAcceptedAlgorithms=rsa-sha2-512"]),
        ] as [(String, Int?, [String])])
    func kinds(type: String, bits: Int?, settings: [String]) async throws {
        try await TestServer.run { server async throws in
            let key = try await TestKey(type, bits: bits, in: server.scratch, name: "other")
            server.keys.add(key, as: "bob")
            var client = server.client
            client.keys = [key.path]
            client.settings = settings
            let result = try await client.run()
            #expect(result.text == "hello bob, no shell here\r\n")
            #expect(result.status == 0)
        }
    }

    @Test("a key that nobody holds is refused, and nothing runs")
    func stranger() async throws {
        try await TestServer.run { server async throws in
            var client = server.client
            client.keys = [try await TestKey(in: server.scratch, name: "other").path]
            let result = try await client.run("true")
            #expect(result.status == 255)
            #expect(result.errors.contains("Permission denied (publickey)"))
            #expect(server.handler.events.isEmpty)
        }
    }

    @Test("a certificate for a known key is refused: nobody could check who signed it")
    func certificate() async throws {
        try await TestServer.run { server async throws in
            let authority = try await TestKey(in: server.scratch, name: "authority")
            let other = try await TestKey(in: server.scratch, name: "other")
            let signed = try await Tool.run(
                "ssh-keygen", ["-q", "-s", authority.path, "-I", "me", "-n", "git", other.path + ".pub"])
            try #require(signed.status == 0)
            server.keys.add(authority, as: "authority")
            server.keys.add(other, as: "bob")
            var client = server.client.with("PubkeyAcceptedAlgorithms=ssh-ed25519-cert-v01@openssh.com")
            client.keys = [other.path]
            let result = try await client.run("true")
            #expect(result.status == 255)
            #expect(result.errors.contains("Permission denied (publickey)"))
        }
    }

    @Test("RSA signatures with SHA-1 are not taken")
    func sha1() async throws {
        try await TestServer.run { server async throws in
            let key = try await TestKey("rsa", bits: 2048, in: server.scratch, name: "other")
            server.keys.add(key, as: "bob")
            var client = server.client.with("PubkeyAcceptedAlgorithms=ssh-rsa")
            client.keys = [key.path]
            let result = try await client.run("true")
            #expect(result.status == 255)
            #expect(result.errors.contains("Permission denied (publickey)"), "\(result.errors)")
            #expect(server.handler.events.isEmpty)
        }
    }

    @Test("the sixth key that is refused ends the connection, with words")
    func tooManyTries() async throws {
        try await TestServer.run { server async throws in
            var client = server.client
            client.keys = try await strangers(6, server.scratch) + server.client.keys
            let result = try await client.run("true")
            #expect(result.status == 255)
            #expect(result.errors.contains("Too many keys were tried"), "\(result.errors)")
            #expect(server.handler.events.isEmpty)
        }
    }

    @Test("the sixth key may be the right one")
    func lastTry() async throws {
        try await TestServer.run { server async throws in
            var client = server.client
            client.keys = try await strangers(5, server.scratch) + server.client.keys
            #expect(try await client.run("exit 7").status == 7)
        }
    }

    private func strangers(_ count: Int, _ scratch: Scratch) async throws -> [String] {
        var paths: [String] = []
        for number in 1...count { paths.append(try await TestKey(in: scratch, name: "stranger\(number)").path) }
        return paths
    }
}
