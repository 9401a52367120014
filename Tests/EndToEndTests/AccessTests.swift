import Testing

extension EndToEnd {
    @Suite("Who may push")
    struct AccessTests {
        private static let users = ["alice": ["blog", "shop"], "bea": ["blog-api"], "ci": ["*"]]

        @Test("each user may push to and fetch from exactly the apps of theirs")
        func apps() async throws {
            let site = try await Site.start(users: Self.users, "--executor", "none")
            let ci = try await site.git("ci", as: "ci")
            try await ci.commit()
            for app in ["blog", "shop", "blog-api", "other"] {
                #expect(try await ci.push(app, "main").status == 0, "* means all")
            }
            for (user, own) in Self.users where user != "ci" {
                let git = try await site.git("\(user)-work", as: user)
                try await git("pull", "-q", git.remote(own[0]), "main")
                let mine = try await git.commit("by \(user)")
                for app in ["blog", "shop", "blog-api", "other"] where !own.contains(app) {
                    let before = try await site.refs(app)
                    try await expectRefused(git, app, user, site)
                    #expect(try await site.refs(app) == before)
                }
                for app in own {
                    #expect(try await git.push(app, "main").status == 0)
                    #expect(try await site.refs(app) == ["refs/heads/main": mine])
                }
            }
        }

        private func expectRefused(_ git: GitClient, _ app: String, _ user: String, _ site: Site) async throws {
            for arguments in [["push", git.remote(app), "main"], ["push", git.remote(app), ":main"]] {
                let push = try await git.command(arguments).run()
                #expect(push.status == 128)
                #expect(push.messages.contains("remote error: \(user) may not push to \(app)"), "\(push)")
                for own in Self.users[user] ?? [] {
                    #expect(push.messages.contains(own), "what the key gives access to")
                }
            }
            let fetch = try await git.run("ls-remote", git.remote(app))
            #expect(fetch.status == 128 && fetch.text.isEmpty)
            #expect(fetch.messages.contains("remote error: \(user) may not fetch \(app)"), "\(fetch)")
        }

        @Test("names that begin or end like an app of one's own are others' apps, and are not made")
        func similarNames() async throws {
            let site = try await Site.start(users: Self.users, "--executor", "none")
            let git = try await site.git("work", as: "alice")
            try await git.commit()
            for app in ["blo", "blog2", "blog-", "my-blog", "BLOG", "shop.blog", "*", "blog*"] {
                let push = try await git.push(app, "main")
                #expect(push.status == 128, "\(app)")
            }
            #expect(try HostFile.paths(below: site.directory("data/repositories")).isEmpty)
        }

        @Test("a key that is not in the file is refused at login, and there is nothing but keys to log in with")
        func unknownKey() async throws {
            let site = try await Site.start()
            let stranger = try await TestKey.make("stranger", in: site.directory)
            let ssh = SSHClient(key: stranger, port: site.server.sshPort, directory: site.directory)
            let login = try await ssh.run("ping")
            #expect(login.status == 255 && login.text.isEmpty)
            #expect(login.messages.contains("Permission denied (publickey)."))

            let git = try await GitClient.initialise(site.directory("stranger"), ssh: ssh)
            try await git.commit()
            #expect(try await git.push("blog", "main").status == 128)
            #expect(try HostFile.paths(below: site.directory("data/repositories")).isEmpty)

            for method in ["none", "password", "keyboard-interactive", "hostbased", "gssapi-with-mic"] {
                let flags = ["-o", "PreferredAuthentications=\(method)", "-o", "BatchMode=no"]
                #expect(
                    try await site.ssh().run("ping", flags: flags).messages.contains("denied (publickey)."), "\(method)"
                )
            }
        }

        @Test("any SSH user name will do, as the key tells who it is")
        func userNames() async throws {
            let site = try await Site.start()
            var ssh = try site.ssh()
            for name in ["git", "root", "bea", "slipway", "a.b-c_d"] {
                ssh.login = name
                #expect(try await ssh.run("ping").text == "pong", "\(name)")
                #expect(try await ssh.run().text.contains("Hello, alice."), "\(name)")
            }
        }

        @Test("keys of every kind log in and push, RSA with either SHA-2", .timeLimit(.minutes(10)))
        func kinds() async throws {
            let site = try await Site.start("--executor", "none")
            var keys: [TestKey] = [try site.key()]
            for kind in TestKey.Kind.allCases {
                keys.append(try await TestKey.make("\(kind)", in: site.directory, kind: kind))
            }
            let list = keys.map { "\"\($0.line)\"" }.joined(separator: ", ")
            try site.directory.write("access.yaml", "users:\n  alice: {keys: [\(list)], apps: [\"*\"]}\n")
            _ = try await site.server.logLine("access file reloaded") { $0["keys"] == "\(keys.count)" }

            for key in keys {
                let ssh = SSHClient(key: key, port: site.server.sshPort, directory: site.directory)
                let git = try await GitClient.initialise(key.path + "-work", ssh: ssh)
                try await git.commit()
                let push = try await git.push("app-\(key.path.suffix(4).lowercased())", "main")
                #expect(push.status == 0, "\(key.line.prefix(20)): \(push)")
            }
            let rsa = SSHClient(key: try #require(keys.last), port: site.server.sshPort, directory: site.directory)
            for (signature, answer) in [("rsa-sha2-256", "pong"), ("rsa-sha2-512", "pong"), ("ssh-rsa", "")] {
                let flags = ["-o", "PubkeyAcceptedAlgorithms=\(signature)"]
                #expect(try await rsa.run("ping", flags: flags).text == answer, "\(signature)")
            }
        }
    }
}
