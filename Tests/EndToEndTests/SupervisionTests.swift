import Glibc
import Testing

extension EndToEnd {
    @Suite("Supervision, probes and logs")
    struct SupervisionTests {
        @Test("a service that fails ends the server with status 1 and the cause in the log", arguments: [true, false])
        func failure(ofSSH: Bool) async throws {
            let site = try await Site.start()
            let server = site.server
            let git = try await site.git(building: "true")
            try await git.push("blog", "main").succeeded()
            // The listening socket fails under its owner, as when the kernel or a careless tool takes it away.
            try ListeningSocket.shutDown(of: server.process.id, port: ofSSH ? server.sshPort : server.healthPort)
            #expect(try await server.process.wait(within: .seconds(10)) == .exited(1))
            let line = try #require(server.log.first { $0.level == "critical" })
            #expect(line.message == "a service ended, so the server stops")
            #expect(line["cause"]?.isEmpty == false)
            print("cause when \(ofSSH ? "ssh" : "health") fails: \(line["cause"] ?? "")")
            if ofSSH { #expect(line["cause"]?.contains("accept") == true) }
        }

        @Test("the probes answer, with details on request, and nothing else is served")
        func probes() async throws {
            let site = try await Site.start()
            try await eventually("its port was dialled") { try await site.server.get("/readyz").status == 200 }
            for path in ["/livez", "/readyz", "/startupz", "/readiness"] {
                let answer = try await site.server.get(path)
                #expect(answer.status == 200)
                #expect(answer.body == "ok")
            }
            let verbose = try await site.server.get("/readyz?verbose")
            #expect(verbose.status == 200)
            #expect(verbose.body.contains("[+]ssh ok") && verbose.body.contains("readyz check passed"))
            #expect(try await site.server.get("/readyz", host: "[::1]").status == 200)
            #expect(try await site.server.get("/no-such-page").status == 404)
        }

        @Test("logs are JSON where they are not read on a terminal, and all lines of a push have its id")
        func jsonLogs() async throws {
            let site = try await Site.start("--log-format", "auto")
            let git = try await site.git(building: "echo hello; exit 3")
            let push = try await git.push("blog", "main")
            let id = try #require(push.messages.firstMatch(of: /\(push ([0-9A-Z]{26})\)/)).1
            let ended = try await site.server.logLine("push ended")
            #expect(ended["push"] == String(id))
            let raw = site.server.rawLog.split(separator: "\n")
            #expect(site.server.log.count == raw.count, "every line is JSON")
            #expect(site.server.log.allSatisfy { $0["time"] != nil && !$0.level.isEmpty && $0["logger"] != nil })
            let lines = site.server.log.filter { $0["push"] == String(id) }
            for message in ["push started", "pack received", "build started", "build ended", "push ended"] {
                let line = try #require(lines.first { $0.message == message }, "\(message)")
                #expect(line["app"] == "blog" && line["user"] == "alice" && line["connection"] != nil)
            }
            #expect(ended["build_ms"] != nil && ended["refused"] == "1")
            #expect(try site.builds(of: "blog").only.id == id)
            // Nothing that belongs to a push goes without its id.
            #expect(site.server.log.allSatisfy { $0["logger"] != "push" || $0["push"] != nil })
        }

        @Test("logs are text on a terminal")
        func textLogs() async throws {
            let site = try await WrappedSite.start("--log-format", "auto") { words in
                let line = words.map { "'\($0)'" }.joined(separator: " ")
                return ["/usr/bin/script", "-q", "-e", "-f", "-c", "exec " + line, "/dev/null"]
            }
            let git = try await site.git()
            try git.writeBuild("echo hello")
            try await git.commit()
            try await git.push("blog", "main").succeeded()
            try await eventually("the push is in the log") { site.text.contains("push ended") }
            let line = try #require(site.text.split(whereSeparator: \.isNewline).first { $0.contains("push ended") })
            #expect(
                line.contains(/^\d{4}-\d\d-\d\dT[\d:.]+Z notice push: push ended .*app=blog.*user=alice/), "\(line)")
            #expect(!site.text.contains("{\""))
        }

        @Test("what a client chooses cannot forge a line of the log")
        func forgery() async throws {
            let site = try await WrappedSite.start("--log-format", "text")
            for path in ["x\n2030-01-01T00:00:00.000Z critical push: forged", "x\r2030 \u{1B}[2J"] {
                #expect(try await site.ssh.run("git-receive-pack '\(path)'").status != 0)
            }
            #expect(!site.text.contains(/(?m)^2030/))
            #expect(!site.text.contains(/[\r\x1B]/))
        }
    }
}
