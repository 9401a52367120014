import Testing

extension EndToEnd {
    @Suite("slipway check")
    struct CheckTests {
        @Test("before the first start it prints the effective settings, says that all is well, and makes nothing")
        func fresh() async throws {
            let directory = try TemporaryDirectory()
            let result = try await SlipwayProgram.run(
                ["check", "--ssh-port", "0", "--health-port", "0"], directory: directory.path
            ).succeeded()
            #expect(result.messages.isEmpty)
            #expect(result.text.contains("data-dir = ./slipway-data   (default)"))
            #expect(result.text.contains("ssh.port = 0   (--ssh-port)"))
            #expect(result.text.hasSuffix("ok: slipway serve would start"))
            #expect(try HostFile.paths(below: directory.path).isEmpty)
        }

        @Test("with a server's data it names users and keys, and changes nothing on disk")
        func existing() async throws {
            let directory = try TemporaryDirectory()
            let alice = try await TestKey.make("alice", in: directory)
            try directory.write("access.yaml", "users:\n  alice: {keys: [\"\(alice.line)\"], apps: [\"*\"]}\n")
            let flags = Site.flags(directory)
            let server = try await SlipwayServer.start(in: directory, arguments: flags)
            #expect(try await server.stop() == .exited(0))

            let before = try await snapshot(directory)
            let result = try await SlipwayProgram.run(["check"] + flags, directory: directory.path).succeeded()
            #expect(try await snapshot(directory) == before)
            #expect(result.text.contains("users: 1, keys: 1"))
            let key = directory("data/host-keys/ssh_host_ed25519_key")
            let shown = try await Command("/usr/bin/ssh-keygen", ["-l", "-f", key]).run().succeeded().text
            #expect(result.text.contains(shown.split(separator: " ")[1]), "the fingerprint, for the first connection")
        }

        @Test("beside a running server it says what is taken, and does not disturb it")
        func running() async throws {
            let site = try await Site.start()
            let same = try await SlipwayProgram.run(
                ["check"] + Site.flags(site.directory), directory: site.directory.path)
            #expect(same.status == 1)
            #expect(same.messages.contains("data-dir"))
            #expect(same.messages.contains("in use by another slipway"))
            let own = ["--ssh-port", "\(site.server.sshPort)", "--data-dir", site.directory("other")]
            let result = try await SlipwayProgram.run(
                ["check"] + Site.flags(site.directory, own), directory: site.directory.path)
            #expect(result.status == 1)
            #expect(result.messages.contains("ssh.port"))
            #expect(result.messages.contains("\(site.server.sshPort)"))
            #expect(try await site.ssh().run("ping").text == "pong")
        }

        /// Every file's name, size, mode, owner, and times of content and inode.
        private func snapshot(_ directory: TemporaryDirectory) async throws -> String {
            try await Command(
                "/bin/sh", ["-c", "find \(directory("data")) -printf '%p %s %m %u %T@ %C@ %i %l\\n' | sort"]
            ).run().succeeded().text
        }
    }
}
