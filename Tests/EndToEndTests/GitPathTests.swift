import Testing

extension EndToEnd {
    @Suite("Which app is meant")
    struct GitPathTests {
        @Test("every way to write an app's name leads to the same app, and the way back")
        func sameApp() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            let ssh = try site.ssh()
            try await git.commit()
            #expect(try await git.push("blog.git", "main").status == 0)
            let reference = try await git("ls-remote", git.remote("blog"))
            #expect(reference.contains("refs/heads/main"))
            for path in ["blog", "blog.git", "/blog", "/blog.git"] {
                for service in ["git-receive-pack", "git receive-pack", "git-upload-pack", "git upload-pack"] {
                    for word in [path, "'\(path)'"] {
                        let answer = try await ssh.run("\(service) \(word)", input: Array("0000".utf8))
                        #expect(
                            answer.status == 0 && answer.text.contains("refs/heads/main"),
                            "\(service) \(word): \(answer)")
                    }
                }
            }
            // The scp-like form has no place for the port, so ssh gets it.
            var short = git
            short.environment["GIT_SSH_COMMAND"] = "\(ssh.commandLine) -p \(ssh.port)"
            for address in ["git@127.0.0.1:blog", "git@127.0.0.1:/blog.git", "127.0.0.1:blog.git"] {
                #expect(try await short("ls-remote", address) == reference, "\(address)")
            }
            #expect(
                try HostFile.paths(below: site.directory("data/repositories")).filter {
                    !$0.contains("/") && !$0.hasPrefix(".")
                } == [
                    "blog.git"
                ])
        }

        /// What comes in place of an app's name, none of which may become a path.
        private static let hostilePaths = [
            "'../x'", "'/../x'", "'/etc/'", "'/etc/passwd.git'", "'blog/../shop'", "'blog/'", "'//blog'", "'a/b'",
            "'..'",
            "'.'", "''", "'/'", "'.git'", "'/.git'", "'~'", "'~/blog'", "'~root'", "'-x'", "'--upload-pack=touch x'",
            "'BLOG'", "'blog.git.git'", "'blög'", "'blog '", "' blog'", "'blog%00'", "'blog\\0x'", "'blog;touch x'",
            "'$(touch x)'", "'`touch x`'", "'blog'\\'''", "'con:'", "'*'", "'?'", "'incoming'.tmp", "'blog\u{202E}'",
            "'" + String(repeating: "a", count: 64) + "'", "'" + String(repeating: "../", count: 100) + "etc'",
        ]

        /// What is no command at all: wrong quoting, words too many or too few, too long.
        private static let brokenCommands = [
            "git-receive-pack", "git-receive-pack ", "git-receive-pack 'blog", "git-receive-pack blog'",
            "git-receive-pack '", "git-receive-pack 'a' 'b'", "git-receive-pack blog shop",
            "git-receive-pack 'blog';touch x", "git-receive-pack 'blog' && touch x", "git-receive-pack \"blog\"",
            "git-receive-pack $(touch x)", "git-receive-pack `touch x`", "git-receive-pack 'blog\nping'",
            "git-receive-pack 'blog\r'", "git-receive-pack 'blog\u{1}'", "git-receive-pack  'blog'",
            "git-receive-pack\t'blog'", "git  receive-pack 'blog'", "git-receive-pack --stateless-rpc 'blog'",
            "git-receive-pack 'blog' ", " git-receive-pack 'blog'", "git-receive-pack 'bl'og''",
        ]

        @Test("what is not an app's name is refused in git's own words, before it touches a path")
        func hostilePaths() async throws {
            let site = try await Site.start("--executor", "none")
            _ = try await site.ssh().run("ping")
            let before = try await outside(site)
            for path in Self.hostilePaths {
                for service in ["git-receive-pack", "git-upload-pack"] {
                    let answer = try await site.ssh().run("\(service) \(path)", input: Array("0000".utf8))
                    #expect(answer.status != 0, "\(service) \(path): \(answer)")
                    if answer.status != 127 {
                        #expect(answer.text.dropFirst(4).hasPrefix("ERR "), "\(service) \(path): \(answer)")
                    }
                }
            }
            #expect(try await outside(site) == before)
            #expect(try await site.ssh().run("ping").text == "pong")
        }

        @Test("a command that cannot be read is answered with what is wrong with it")
        func brokenCommands() async throws {
            let site = try await Site.start("--executor", "none")
            _ = try await site.ssh().run("ping")
            let before = try await outside(site)
            for command in Self.brokenCommands {
                let answer = try await site.ssh().run(command, input: Array("0000".utf8))
                #expect(answer.status == 127, "\(command): \(answer)")
                #expect(answer.text.isEmpty && answer.messages.hasPrefix("slipway: "), "\(command): \(answer)")
            }
            #expect(try await outside(site) == before)
        }

        @Test("a command of 64 KB is refused, and the server goes on", arguments: [4097, 32_000, 65_536, 120_000])
        func longCommand(_ length: Int) async throws {
            let site = try await Site.start("--executor", "none")
            for text in [
                "git-receive-pack '" + String(repeating: "a", count: length) + "'",
                String(repeating: "x", count: length),
            ] {
                let answer = try await site.ssh().run(text)
                #expect(answer.status != 0 && answer.text.isEmpty, "\(answer)")
            }
            #expect(try await site.ssh().run("ping").text == "pong")
        }

        @Test("git itself shows the refusal, whatever is in the address")
        func throughGit() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            try await git.commit()
            for path in ["../x", "a/b", "BLOG", "b%6Cog/..", "it's", "~/blog", "blog.git/.git"] {
                let push = try await git.push(path, "main")
                #expect(push.status == 128 && push.messages.contains("remote error: "), "\(path): \(push)")
                #expect(push.messages.contains("/APP"), "what the remote looks like")
                let fetch = try await git.run("ls-remote", git.remote(path))
                #expect(fetch.status == 128 && fetch.messages.contains("remote error: "), "\(path): \(fetch)")
            }
        }

        @Test("an app that is not there yet cannot be cloned, and asking does not make it")
        func unknownApp() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            for version in ["0", "1", "2"] {
                let clone = try await git.run(
                    "-c", "protocol.version=\(version)", "clone", "-q", git.remote("nope"), site.directory("clone"))
                #expect(clone.status == 128)
                #expect(clone.messages.contains("remote error: there is no app nope yet"), "\(clone)")
            }
            #expect(try HostFile.paths(below: site.directory("data/repositories")).isEmpty)
        }

        /// What is in the folders that a path could lead to.
        private func outside(_ site: Site) async throws -> String {
            let data = site.directory("data")
            return try await Command(
                "/bin/sh",
                ["-c", "ls -A \(site.directory.path) \(data) \(data)/repositories; find \(data)/store -type f"]
            ).run().text
        }
    }
}
