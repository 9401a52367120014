import FoundationEssentials
import Glibc
import Testing

extension EndToEnd {
    @Suite("The access file while the server runs")
    struct AccessReloadTests {
        @Test("an edit counts at once, for new connections and for those that are there")
        func edit() async throws {
            let site = try await Site.start(users: ["alice": ["blog"], "bea": ["shop"]], "--executor", "none")
            let git = try await site.git("work", as: "alice")
            try await git.commit()
            #expect(try await git.push("shop", "main").status == 128)

            // A connection that stays open, on which ssh opens a channel for each command.
            let socket = ["-o", "ControlPath=\(site.directory("control"))"]
            let ssh = try site.ssh("alice")
            let master = try ssh.command([], flags: socket + ["-N", "-o", "ControlMaster=yes"]).start(pipe: true)
            try await eventually("alice is connected") { HostFile.exists(site.directory("control")) }
            let ask = "git-receive-pack 'blog'"
            #expect(try await ssh.run(ask, flags: socket, input: Array("0000".utf8)).text.contains("capabilities^{}"))

            let alice = try site.key("alice").line
            try site.directory.write("access.yaml", "users:\n  alice: {keys: [\"\(alice)\"], apps: [\"shop\"]}\n")
            let reloaded = try await site.server.logLine("access file reloaded")
            #expect(reloaded["removed"] == "bea")
            #expect(try await git.push("shop", "main").status == 0)
            #expect(try await git.push("blog", "main").status == 128)
            #expect(try await site.ssh("bea").run("ping").messages.contains("Permission denied (publickey)"))
            let later = try await ssh.run(ask, flags: socket)
            #expect(later.text.contains("ERR alice may not push to blog"), "\(later)")
            #expect(master.process.ending == nil, "still the same connection")

            // A user who stays, with another key: the old one is worth nothing any more, not even where it is logged in.
            let other = try await TestKey.make("other", in: site.directory)
            try site.directory.write("access.yaml", "users:\n  alice: {keys: [\"\(other.line)\"], apps: [\"shop\"]}\n")
            try await eventually("the old key is refused on the open connection") {
                try await ssh.run("git-receive-pack 'shop'", flags: socket).text.contains(
                    "no longer in the access list")
            }

            try site.directory.write("access.yaml", "users: {}\n")
            try await eventually("nobody is left") {
                try await ssh.run("ping").messages.contains("Permission denied (publickey)")
            }
            #expect(try await ssh.run(ask, flags: socket).text.contains("no longer in the access list"))
        }

        @Test("an edit in place counts as one by rename does")
        func inPlace() async throws {
            let site = try await Site.start()
            let bea = try await TestKey.make("bea", in: site.directory)
            guard let file = unsafe fopen(site.directory("access.yaml"), "a") else { throw Failed("error \(errno)") }
            unsafe fputs("  bea: {keys: [\"\(bea.line)\"], apps: []}\n", file)
            unsafe fclose(file)
            let ssh = SSHClient(key: bea, port: site.server.sshPort, directory: site.directory)
            try await eventually("bea may log in", within: .seconds(60)) { try await ssh.run("ping").text == "pong" }
        }

        @Test("the swap of a mounted ConfigMap's link counts")
        func configMap() async throws {
            let directory = try TemporaryDirectory()
            try await SharedHostKeys.shared.install(in: directory, data: "data")
            let alice = try await TestKey.make("alice", in: directory)
            let bea = try await TestKey.make("bea", in: directory)
            // As kubelet lays a volume out: the file is a link through ..data, and an update renames a new link over that.
            func publish(_ version: String, _ key: TestKey) throws {
                try directory.makeDirectory("volume/\(version)")
                try directory.write(
                    "volume/\(version)/access.yaml", "users:\n  somebody: {keys: [\"\(key.line)\"], apps: [\"*\"]}\n")
                try FileManager.default.createSymbolicLink(
                    atPath: directory("volume/..data_tmp"), withDestinationPath: version)
                guard unsafe rename(directory("volume/..data_tmp"), directory("volume/..data")) == 0 else {
                    throw Failed("rename: error \(errno)")
                }
            }
            try directory.makeDirectory("volume")
            try publish("..2024_01", alice)
            try FileManager.default.createSymbolicLink(
                atPath: directory("volume/access.yaml"), withDestinationPath: "..data/access.yaml")
            let server = try await SlipwayServer.start(
                in: directory, arguments: Site.flags(directory, ["--access-file", directory("volume/access.yaml")]))
            let first = SSHClient(key: alice, port: server.sshPort, directory: directory)
            let second = SSHClient(key: bea, port: server.sshPort, directory: directory)
            #expect(try await first.run("ping").text == "pong")
            #expect(try await second.run("ping").status == 255)

            try publish("..2024_02", bea)
            try FileManager.default.removeItem(atPath: directory("volume/..2024_01"))
            try await eventually("bea may log in", within: .seconds(60)) { try await second.run("ping").text == "pong" }
            #expect(try await first.run("ping").status == 255)
        }

        @Test("a broken edit keeps the old rules and is logged with line and reason")
        func broken() async throws {
            let site = try await Site.start()
            let edits: [(text: String, line: String?, reason: String)] = [
                ("users:\n  alice: {keys: [\n", nil, "YAML"),
                ("users:\n  alice: {keys: [], apps: [\"blog\"], shell: yes}\n", "2", "shell"),
                ("users:\n  alice:\n    keys: [\"ssh-ed25519 AAAA\"]\n    apps: [\"blog\"]\n", "3", "key"),
                ("", nil, ""),
            ]
            for (count, edit) in edits.enumerated() {
                try site.directory.write("access.yaml", edit.text)
                let logged = try await eventually("the edit \(edit) is logged") {
                    site.server.log.filter { $0.message.contains("access file is broken") }.dropFirst(count).first
                }
                #expect(logged.level == "error")
                #expect(logged["reason"]?.contains(edit.reason) == true, "\(logged)")
                if let line = edit.line { #expect(logged["line"] == line, "\(logged)") }
                #expect(logged["file"] == site.directory("access.yaml"))
                #expect(try await site.ssh().run("ping").text == "pong")
            }
            try FileManager.default.removeItem(atPath: site.directory("access.yaml"))
            _ = try await site.server.logLine("access file cannot be seen")
            #expect(try await site.ssh().run("ping").text == "pong")

            let bea = try await TestKey.make("bea", in: site.directory)
            try site.directory.write("access.yaml", "users:\n  bea: {keys: [\"\(bea.line)\"], apps: [\"*\"]}\n")
            _ = try await site.server.logLine("access file is good again")
            #expect(try await site.ssh().run("ping").status == 255)
        }
    }
}
