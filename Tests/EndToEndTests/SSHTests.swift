import Testing

extension EndToEnd {
    @Suite("What SSH is for, and what not")
    struct SSHTests {
        @Test("a login gets a friendly text and is ended by the server, with or without a terminal")
        func login() async throws {
            let site = try await Site.start(
                users: ["alice": ["shop", "blog"], "ci": ["*"]], "--ssh-public-url", "ssh://git@builder.example.com")
            for terminal in [false, true] {
                var command = try site.ssh("alice").command([], flags: ["-o", "LogLevel=INFO"])
                // With script, ssh finds a terminal, as it does for a person, and asks the server for one.
                if terminal {
                    let line = ([command.program] + command.arguments).joined(separator: " ")
                    command = Command("/usr/bin/script", ["-q", "-e", "-c", line, "/dev/null"])
                }
                // The input stays open.
                let result = try await command.start(pipe: true).result(within: .seconds(20))
                #expect(result.status == 0, "\(result)")
                #expect(result.text.contains("PTY allocation request failed") == terminal)
                #expect(result.text.contains("Hello, alice."))
                #expect(result.text.contains("blog, shop"))
                #expect(result.text.contains("git remote add slipway ssh://git@builder.example.com/blog"))
            }
            #expect(try await site.ssh("ci").run().text.contains("Apps you may push: all"))
        }

        @Test("ping answers pong")
        func ping() async throws {
            let site = try await Site.start()
            let result = try await site.ssh().run("ping")
            #expect(result.status == 0 && result.output == Array("pong\n".utf8) && result.messages.isEmpty)
        }

        @Test("other commands are answered with what there is, and status 127")
        func otherCommands() async throws {
            let site = try await Site.start()
            let commands = [
                "foo", "ls -l", "git-upload-archive 'blog'", "git-shell", "/bin/sh", "scp -t /tmp", "ping 8.8.8.8",
                "git", "git gc", "Git-Receive-Pack 'blog'", "git-receive-pack2 'blog'", "exit", "true;ping",
            ]
            for command in commands {
                let result = try await site.ssh().run(command)
                #expect(result.status == 127, "\(command): \(result)")
                #expect(result.text.isEmpty, "\(command)")
                #expect(result.messages.hasPrefix("slipway: "), "\(command)")
            }
            #expect(try await site.ssh().run("foo").messages.contains("git push, git clone, git fetch"))
        }

        @Test(
            "six keys may be tried on one connection, and a client that does not log in is gone after the time for it")
        func limits() async throws {
            let site = try await Site.start("--ssh-login-grace-time", "15s")
            let ssh = try site.ssh()
            var wrong: [String] = []
            for number in 1...6 {
                wrong += ["-i", try await TestKey.make("wrong-\(number)", in: site.directory).path]
            }
            #expect(try await ssh.run("ping", flags: Array(wrong.prefix(2 * 5))).text == "pong", "the sixth is right")
            let tooMany = try await ssh.run("ping", flags: wrong)
            #expect(tooMany.status == 255 && tooMany.text.isEmpty)
            #expect(try await site.server.logLine("login refused: too many keys tried")["tries"] == "6")

            // bash can speak TCP; it waits until the server hangs up.
            let silent = Command("/bin/bash", ["-c", "exec 3<>/dev/tcp/127.0.0.1/\(site.server.sshPort); cat <&3"])
            let begun = ContinuousClock.now
            let result = try await silent.run()
            #expect(result.text.hasPrefix("SSH-2.0-"))
            #expect(ContinuousClock.now - begun < .seconds(60))
            #expect(try await ssh.run("ping").text == "pong")
        }

        @Test("forwarding of every kind, subsystems, scp and sftp are refused, and the server goes on")
        func refused() async throws {
            let site = try await Site.start()
            let ssh = try site.ssh()
            let loud = ["-o", "LogLevel=INFO"]
            let out = try await ssh.run(flags: loud + ["-W", "127.0.0.1:\(site.server.healthPort)"])
            #expect(out.status == 255 && out.text.isEmpty && out.messages.contains("open failed"), "\(out)")
            let back = try await ssh.run(
                "ping", flags: loud + ["-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:\(site.server.healthPort)"])
            #expect(back.status == 255 && back.messages.contains("remote port forwarding failed"), "\(back)")
            let socket = try await ssh.run(
                "ping",
                flags: loud + ["-o", "ExitOnForwardFailure=yes", "-R", "\(site.directory("socket")):127.0.0.1:1"])
            #expect(socket.status == 255 && !HostFile.exists(site.directory("socket")))
            let tunnel = try await ssh.run("ping", flags: loud + ["-o", "Tunnel=no", "-s"])
            #expect(tunnel.status == 255 && tunnel.messages.contains("subsystem request failed"), "\(tunnel)")
            for subsystem in ["sftp", "netconf"] {
                let result = try await ssh.run(subsystem, flags: loud + ["-s"])
                #expect(result.status == 255 && result.messages.contains("subsystem request failed"), "\(result)")
            }
            try site.directory.write("file", "text")
            for flags in [[], ["-O"]] {
                let target = "git@127.0.0.1:\(site.directory("copied"))"
                let result = try await Command(
                    "/usr/bin/scp", ssh.options + ["-P", "\(ssh.port)"] + flags + [site.directory("file"), target]
                ).run()
                #expect(result.status != 0, "\(flags): \(result)")
            }
            #expect(!HostFile.exists(site.directory("copied")))
            #expect(try await ssh.run("ping").text == "pong")
        }

        @Test("a terminal, X11, an agent and variables are not given, and a command works without them")
        func withoutExtras() async throws {
            let site = try await Site.start()
            let ssh = try site.ssh()
            let loud = ["-o", "LogLevel=INFO"]
            let terminal = try await ssh.run("ping", flags: loud + ["-tt"])
            // Asked for with -tt, a terminal is all or nothing for the client.
            #expect(terminal.messages.contains("PTY allocation request failed"), "\(terminal)")
            #expect(terminal.status == 255)

            var command = ssh.command(["ping"], flags: loud + ["-X"])
            command.environment["DISPLAY"] = "127.0.0.1:99"
            let display = try await command.run()
            #expect(display.messages.contains("X11 forwarding request failed"), "\(display)")
            #expect(display.text == "pong")

            let agent = try await Command("/usr/bin/ssh-agent", ["-a", site.directory("agent"), "-s"]).run().succeeded()
            let number = try #require(agent.text.firstMatch(of: /SSH_AGENT_PID=(\d+)/)?.1)
            defer { _ = try? Command("/bin/kill", ["\(number)"]).start().process.waitBlocking() }
            command = ssh.command(["ping"], flags: ["-o", "LogLevel=DEBUG1", "-A"])
            command.environment["SSH_AUTH_SOCK"] = site.directory("agent")
            let forwarded = try await command.run()
            #expect(forwarded.text == "pong")
            #expect(!forwarded.messages.contains("auth-agent@openssh.com"), "the server asked for the agent")

            let variables = try await ssh.run("ping", flags: ["-o", "SetEnv=LD_PRELOAD=/nowhere.so GIT_DIR=/etc"])
            #expect(variables.text == "pong")
        }
    }
}
