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
            // No executor: the sandbox that its check tries may outlive the server by a moment, and makes folders of its own.
            let flags = Site.flags(directory, ["--executor", "none"])
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

        @Test("beside a running server it says so, looks at all else, and does not disturb it")
        func running() async throws {
            let site = try await Site.start()
            let ports = ["--ssh-port", "\(site.server.sshPort)", "--health-port", "\(site.server.healthPort)"]
            let result = try await SlipwayProgram.run(
                ["check"] + Site.flags(site.directory, ports), directory: site.directory.path
            ).succeeded()
            #expect(result.messages.isEmpty)
            let lines = result.text.split(separator: "\n")
            #expect(lines.contains(Self.besideServer), "\(result.text)")
            for name in ["data", "repositories", "access", "builds", "git", "host keys", "storage"] {
                #expect(lines.contains { $0.hasPrefix("\(name): ") }, "\(name): is not in \(result.text)")
            }
            #expect(!lines.contains { $0.hasPrefix("ports: ") }, "they were not looked at: \(result.text)")
            #expect(lines.last == "ok: nothing else keeps slipway serve from starting")
            #expect(try await site.ssh().run("ping").text == "pong")
        }

        @Test("beside a running server it finds what would keep the next start from working")
        func runningAndBroken() async throws {
            let site = try await Site.start()
            try site.directory.write("access.yaml", "users:\n  alice: {keys: [], app: [\"blog\"]}\n")
            let result = try await SlipwayProgram.run(
                ["check"] + Site.flags(site.directory), directory: site.directory.path)
            StartErrorTests.expectOneLine(result, naming: ["access-file", "access.yaml", "2", "app"], "check")
            #expect(try await site.ssh().run("ping").text == "pong")
        }

        @Test("a second server is still refused the data directory of the first")
        func second() async throws {
            let site = try await Site.start()
            let result = try await SlipwayProgram.run(
                ["serve"] + Site.flags(site.directory), directory: site.directory.path)
            StartErrorTests.expectOneLine(result, naming: ["data-dir", "in use by another slipway"], "serve")
            #expect(try await site.ssh().run("ping").text == "pong")
        }

        @Test("a port that a server with other data has is taken")
        func otherServer() async throws {
            let site = try await Site.start()
            let own = ["--ssh-port", "\(site.server.sshPort)", "--data-dir", site.directory("other")]
            let result = try await SlipwayProgram.run(
                ["check"] + Site.flags(site.directory, own), directory: site.directory.path)
            #expect(result.status == 1)
            #expect(result.messages.contains("ssh.port"))
            #expect(result.messages.contains("\(site.server.sshPort)"))
            #expect(try await site.ssh().run("ping").text == "pong")
        }

        private static let besideServer: Substring =
            "server: one runs with this data directory, so its lock and the ports were not looked at"

        /// Every file's name, size, mode, owner, and times of content and inode.
        private func snapshot(_ directory: TemporaryDirectory) async throws -> String {
            try await Command(
                "/bin/sh", ["-c", "find \(directory("data")) -printf '%p %s %m %u %T@ %C@ %i %l\\n' | sort"]
            ).run().succeeded().text
        }
    }
}
