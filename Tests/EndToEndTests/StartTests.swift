import Testing

extension EndToEnd {
    @Suite("Start")
    struct StartTests {
        @Test("without any configuration it listens on 2223 and 8092, makes its keys once and says how to push")
        func defaults() async throws {
            let directory = try TemporaryDirectory()
            // A port in use is a failure here: the message names it.
            var server = try await SlipwayServer.start(in: directory, arguments: [])
            #expect(server.sshPort == 2223)
            #expect(server.healthPort == 8092)
            let announced = server.output.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(announced.count == 2 && announced[1].isEmpty, "one line, not \(server.output)")
            #expect(announced[0].contains("git push ssh://git@localhost:2223/APP main"))

            try await checkHostKeys(in: directory)
            try await checkBothFamilies(of: server, in: directory)

            // Whoever adds a key as the line says can use the server, with nothing else done.
            let alice = try await TestKey.make("alice", in: directory)
            try directory.write(
                "slipway-data/access.yaml", "users:\n  alice: {keys: [\"\(alice.line)\"], apps: [\"*\"]}\n")
            let ssh = SSHClient(key: alice, port: server.sshPort, directory: directory)
            try await eventually("alice may log in") { try await ssh.run("ping").text == "pong" }

            let before = try keys(in: directory)
            #expect(try await server.stop() == .exited(0))
            server = try await SlipwayServer.start(in: directory, name: "second", arguments: [])
            #expect(try keys(in: directory) == before, "made again")
            #expect(!server.rawLog.contains("host key made"))
            #expect(try await ssh.run("ping").text == "pong", "the known host key is still the server's")
        }

        private func keys(in directory: TemporaryDirectory) throws -> [[UInt8]] {
            try ["ed25519", "rsa"].map { try HostFile.read(directory("slipway-data/host-keys/ssh_host_\($0)_key")) }
        }

        private func checkHostKeys(in directory: TemporaryDirectory) async throws {
            let folder = directory("slipway-data/host-keys")
            #expect(
                try HostFile.paths(below: folder) == ["ssh_host_ed25519_key", "ssh_host_rsa_key"], "no leftovers either"
            )
            for (name, kind) in [("ed25519", "256 SHA256:"), ("rsa", "3072 SHA256:")] {
                let path = "\(folder)/ssh_host_\(name)_key"
                #expect(try HostFile.mode(path) == 0o600)
                let shown = try await Command("/usr/bin/ssh-keygen", ["-l", "-f", path]).run().succeeded().text
                #expect(shown.hasPrefix(kind))
            }
        }

        private func checkBothFamilies(of server: SlipwayServer, in directory: TemporaryDirectory) async throws {
            for host in ["127.0.0.1", "::1"] {
                let scanned = try await Command(
                    "/usr/bin/ssh-keyscan", ["-T", "10", "-p", "\(server.sshPort)", "-t", "ed25519,rsa", host]
                ).run().succeeded()
                #expect(scanned.text.contains("ssh-ed25519 "), "\(host)")
                #expect(scanned.text.contains("ssh-rsa "), "\(host)")
                let address = host.contains(":") ? "[\(host)]" : host
                #expect(try await server.get("/livez", host: address).status == 200)
            }
        }

        @Test("an address that is named is the only one it listens on")
        func namedAddress() async throws {
            let site = try await Site.start("--ssh-address", "127.0.0.1", "--health-address", "::1")
            var ssh = try site.ssh()
            #expect(try await ssh.run("ping").text == "pong")
            ssh.host = "::1"
            #expect(try await ssh.run("ping", flags: ["-o", "LogLevel=INFO"]).messages.contains("Connection refused"))
            #expect(try await site.server.get("/livez", host: "[::1]").status == 200)
            await #expect(throws: Failed.self) { try await site.server.get("/livez", host: "127.0.0.1") }
        }

        @Test("a second server on the same data folder does not start, and the first one goes on")
        func secondServer() async throws {
            let site = try await Site.start()
            let flags = Site.flags(site.directory)
            let second = try await SlipwayProgram.run(["serve"] + flags, directory: site.directory.path)
            #expect(second.status == 1)
            #expect(second.messages.hasPrefix("slipway: data-dir: \(site.directory("data"))"))
            #expect(second.messages.split(separator: "\n").count == 1)
            #expect(try await site.ssh().run("ping").text == "pong")
        }

        @Test("flag, environment and file set a value, the stronger one wins, and what is not set has its default")
        func precedence() async throws {
            let directory = try TemporaryDirectory()
            try directory.write(
                "settings.yaml",
                """
                ssh:
                  port: 4003
                  max-auth-tries: 3
                health.port: 4103
                executor: none

                """)
            let result = try await SlipwayProgram.run(
                ["check", "--config", "settings.yaml", "--ssh-port", "4001"],
                environment: ["SLIPWAY_SSH_PORT": "4002", "SLIPWAY_HEALTH_PORT": "4102"], directory: directory.path
            ).succeeded()
            let lines = result.text.split(separator: "\n")
            #expect(lines.contains("ssh.port = 4001   (--ssh-port)"))
            #expect(lines.contains("health.port = 4102   (SLIPWAY_HEALTH_PORT)"))
            #expect(lines.contains("ssh.max-auth-tries = 3   (settings.yaml:3)"))
            #expect(lines.contains("executor = none   (settings.yaml:5)"))
            #expect(lines.contains("ssh.max-sessions = 10   (default)"))
        }

        @Test("a server can be set up by environment and file alone")
        func withoutFlags() async throws {
            let directory = try TemporaryDirectory()
            try directory.write(
                "settings.yaml", "ssh.port: 0\nhealth: {port: 0}\nlog.format: json\ndata-dir: not-this\n")
            let alice = try await TestKey.make("alice", in: directory)
            try directory.write("who.yaml", "users:\n  alice: {keys: [\"\(alice.line)\"], apps: [\"*\"]}\n")
            try await SharedHostKeys.shared.install(in: directory, data: "by-environment")
            let server = try await SlipwayServer.start(
                in: directory, arguments: [],
                environment: [
                    "SLIPWAY_CONFIG": "settings.yaml", "SLIPWAY_DATA_DIR": "by-environment",
                    "SLIPWAY_ACCESS_FILE": "who.yaml", "SLIPWAY_EXECUTOR": "none",
                ])
            #expect(server.sshPort != 2223 && server.healthPort != 8092)
            let ssh = SSHClient(key: alice, port: server.sshPort, directory: directory)
            #expect(try await ssh.run("ping").text == "pong")
            #expect(!HostFile.exists(directory("not-this")))
            #expect(!HostFile.exists(directory("slipway-data")))
        }

        @Test("the help names the subcommands and every setting, and version prints one line")
        func help() async throws {
            let directory = try TemporaryDirectory()
            for arguments in [["--help"], []] {
                let help = try await SlipwayProgram.run(arguments, directory: directory.path).succeeded().text
                for word in ["serve", "check", "version"] { #expect(help.contains(word)) }
            }
            let settings = try await SlipwayProgram.run(["check"], directory: directory.path).succeeded().text
            let help = try await SlipwayProgram.run(["serve", "--help"], directory: directory.path).succeeded().text
            let keys = settings.split(separator: "\n").filter { $0.contains(" = ") }.map { $0.prefix { $0 != " " } }
            #expect(keys.count > 30)
            for key in keys {
                let flag = "--" + key.replacing(".", with: "-")
                #expect(help.contains("\(flag) "), "\(flag)")
                let variable = "SLIPWAY_" + key.uppercased().replacing(".", with: "_").replacing("-", with: "_")
                #expect(help.contains(variable), "\(variable)")
            }
            let version = try await SlipwayProgram.run(["version"], directory: directory.path).succeeded().text
            #expect(version.wholeMatch(of: /slipway \d+\.\d+\.\d+\S*/) != nil)
            #expect(try HostFile.paths(below: directory.path).isEmpty)
        }
    }
}
