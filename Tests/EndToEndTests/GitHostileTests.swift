import Testing

extension EndToEnd {
    @Suite("Packs that nobody honest sends")
    struct GitHostileTests {
        /// Names in a tree that would harm whoever checks it out.
        private static let badNames = [
            ".git", ".GIT", ".gIt", "..", ".", "git~1", ".git ", ".g\u{200C}it", "a/b", "", ".git\\x",
        ]

        @Test("trees with names that would harm a clone are refused, and nothing of them is kept")
        func badTrees() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            let good = try await git.commit()
            try await git("push", "-q", git.remote("blog"), "main")
            for name in Self.badNames {
                let commit = try await commit(git, entry: "100644 \(name)")
                try await expectRefused(git, commit, site, keeps: good, "“\(name)”")
            }
            // A tree with an entry twice, one with a mode that there is none of, and a submodule's file that is a link.
            for entries in [["100644 a", "100644 a"], ["100644 b", "100644 a"], ["120000 .gitmodules"]] {
                let commit = try await commit(git, entries: entries)
                try await expectRefused(git, commit, site, keeps: good, "\(entries)")
            }
            // A submodule's address that is an option for git on the machine of whoever clones it.
            try git.write(".gitmodules", "[submodule \"x\"]\n\tpath = x\n\turl = -u./payload\n")
            try await expectRefused(git, try await git.commit("-u"), site, keeps: good, ".gitmodules with an option")
            try await git("reset", "-q", "--hard", good)
            try await git.commit("and the next one is well")
            #expect(try await git.push("blog", "main").status == 0)
        }

        @Test("commits and tags that are not well-formed are refused")
        func badObjects() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            let good = try await git.commit()
            try await git("push", "-q", git.remote("blog"), "main")
            let tree = try await git("rev-parse", "HEAD^{tree}")
            let person = "Ada <ada@example.org> 1700000000 +0000"
            for text in [
                "tree \(tree)\nauthor nobody\ncommitter \(person)\n\nx\n",
                "tree \(tree)\nauthor \(person)\n\nx\n",
                "tree \(tree)\nauthor Ada <ada@example.org> 99999999999999999999 +0000\ncommitter \(person)\n\nx\n",
                "tree \(tree)\nparent xyz\nauthor \(person)\ncommitter \(person)\n\nx\n",
                "author \(person)\ncommitter \(person)\n\nx\n",
            ] {
                let commit = try await write(git, "commit", Array(text.utf8))
                // The client follows history itself, and stumbles over some of these.
                let pack = try await git.shell("git pack-objects -q --stdout <<<\(commit)").output
                let push = RawPush(commands: ["\(good) \(commit) refs/heads/main"], pack: pack)
                let answer = try await push.run("blog", by: site.ssh())
                #expect(answer.status == 1 && answer.text.contains("ng refs/heads/main"), "\(text): \(answer)")
                #expect(try await site.refs("blog") == ["refs/heads/main": good])
            }
        }

        @Test("a pack that is damaged, cut short, or no pack at all is refused in words, and the next push works")
        func damagedPacks() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            for number in 0..<20 { try git.write("file-\(number)", String(repeating: "line \(number)\n", count: 200)) }
            let commit = try await git.commit()
            let pack = try await git.shell("git rev-list --objects --all | cut -c1-40 | git pack-objects -q --stdout")
                .output
            var packs: [(String, [UInt8])] = [
                ("nothing", []), ("the first half", Array(pack.prefix(pack.count / 2))),
                ("all but the last byte", pack.dropLast()), ("only the header", Array(pack.prefix(12))),
                ("no pack", Array("GET / HTTP/1.1\r\n\r\n".utf8)), ("zeros", [UInt8](repeating: 0, count: 1000)),
            ]
            for (name, place, value) in [
                ("the magic", 0, 0), ("the version", 7, 9), ("the number of objects", 11, 1), ("more objects", 9, 255),
                ("a bit in the middle", pack.count / 2, 255), ("the trailer", pack.count - 1, 255),
            ] as [(String, Int, UInt8)] {
                var damaged = pack
                damaged[place] ^= value
                if damaged[place] == pack[place] { damaged[place] ^= 1 }
                packs.append((name, damaged))
            }
            for (name, bytes) in packs {
                let push = RawPush(commands: ["\(RawPush.zero) \(commit) refs/heads/main"], pack: bytes)
                let answer = try await push.run("blog", by: site.ssh())
                #expect(answer.status == 1, "\(name): \(answer)")
                #expect(answer.text.contains("ng refs/heads/main"), "\(name): \(answer)")
                #expect(answer.text.contains("!     "), "\(name): told in words")
                #expect(!answer.text.contains(site.directory.path), "\(name): no paths of the server's")
            }
            try await expectNothingStored(site, "blog")
            #expect(try await git.push("blog", "main").status == 0)
        }

        @Test("a push that leaves objects out is refused and leaves nothing, so that it cannot pass the second time")
        func missingObjects() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            try git.write("folder/file", "text")
            let base = try await git.commit("base")
            try git.write("folder/file", "other text")
            let commit = try await git.commit("next")
            let (tree, folder) = (try await git("rev-parse", "HEAD^{tree}"), try await git("rev-parse", "HEAD:folder"))
            for (name, objects) in [
                ("the file", [commit, base, tree, folder]), ("the parent", [commit, tree, folder]),
                ("the trees", [commit]),
                ("the commit", [tree, folder]), ("all", []),
            ] {
                let list = objects.joined(separator: "\\n")
                let pack = try await git.shell("printf '\(list)' | git pack-objects -q --stdout").output
                let push = RawPush(commands: ["\(RawPush.zero) \(commit) refs/heads/main"], pack: pack)
                for attempt in 1...2 {
                    let answer = try await push.run("blog", by: site.ssh())
                    #expect(answer.status == 1, "without \(name), attempt \(attempt): \(answer)")
                    #expect(answer.text.contains("ng refs/heads/main"), "without \(name): \(answer)")
                }
            }
            try await expectNothingStored(site, "blog")
            #expect(try await git.push("blog", "main").status == 0)
        }

        @Test("a push over the size limit is told the limit, leaves nothing, and a smaller one works at once")
        func tooLarge() async throws {
            let site = try await Site.start("--executor", "none", "--git-max-pack-size", "64KiB")
            let git = try await site.git()
            try await git.commit()
            try await git("push", "-q", git.remote("blog"), "main")
            let before = try await site.refs("blog")
            // Incompressible, and far more than fits into any buffer on the way.
            try await git.shell("head -c 8000000 /dev/urandom >big.bin")
            try await git.commit("big")
            for app in ["blog", "new"] {
                let push = try await git.push(app, "main")
                #expect(push.status == 1, "\(push)")
                #expect(push.messages.contains("65536 bytes, the limit for one push"), "\(push)")
                #expect(push.messages.contains("! [remote rejected] main -> main"), "\(push)")
            }
            #expect(try await site.refs("blog") == before)
            try await expectNothingStored(site, "new")
            let left = try await Command("/bin/sh", ["-c", "du -sk \(site.directory("data")) | cut -f1"]).run().text
            #expect(Int(left) ?? .max < 1000)

            try await git("reset", "-q", "--hard", "HEAD~1")
            try git.write("small", "small")
            let commit = try await git.commit("small")
            #expect(try await git.push("blog", "main").status == 0)
            #expect(try await site.refs("blog") == ["refs/heads/main": commit])
        }

        @Test("bytes that are no conversation with git end with a reason, and the server goes on")
        func noConversation() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            let commit = try await git.commit()
            let create = "\(RawPush.zero) \(commit) refs/heads/main"
            let cases: [(String, [UInt8])] = [
                ("no packets", Array("GET / HTTP/1.1\r\n\r\n".utf8)), ("a length that is none", Array("zzzz".utf8)),
                ("a length that is too small", Array("0003".utf8)), ("the end in a packet", Array("0100abc".utf8)),
                ("no flush", RawPush.packet("\(create)\0 report-status")),
                ("no command", RawPush.packet("hello\n") + Array("0000".utf8)),
                ("the same ref twice", RawPush(commands: [create, create]).bytes),
                ("another hash", RawPush(commands: [create], capabilities: "report-status object-format=sha256").bytes),
                ("random", (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) }),
                ("an endless list", Array(repeatElement(RawPush.packet(create), count: 20_000).joined())),
            ]
            for (name, bytes) in cases {
                let answer = try await site.ssh().run("git-receive-pack 'blog'", input: bytes)
                #expect(answer.status == 1, "\(name): \(answer)")
                #expect(answer.messages.contains("slipway: "), "\(name): \(answer)")
            }
            #expect(try HostFile.paths(below: site.directory("data/repositories")).isEmpty)
            let hangUp = try await site.ssh().run("git-receive-pack 'blog'")
            #expect(hangUp.status == 0, "asked, and wanted nothing")
            #expect(try await git.push("blog", "main").status == 0)
        }

        // MARK: Helpers

        private func write(_ git: GitClient, _ type: String, _ content: [UInt8]) async throws -> String {
            var command = git.command(["hash-object", "-t", type, "-w", "--stdin", "--literally"])
            command.input = content
            return try await command.run().succeeded().text
        }

        private func commit(_ git: GitClient, entry: String) async throws -> String {
            try await commit(git, entries: [entry])
        }

        /// A commit of a tree with entries such as "100644 name", all of the same file, as they are.
        private func commit(_ git: GitClient, entries: [String]) async throws -> String {
            let file = try await write(git, "blob", Array("text".utf8))
            let digits = Array(file)
            let id = stride(from: 0, to: 40, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
            let tree = try await write(git, "tree", entries.flatMap { Array($0.utf8) + [0] + id })
            return try await git("commit-tree", "-m", "bad", tree)
        }

        private func expectRefused(
            _ git: GitClient, _ commit: String, _ site: Site, keeps good: String, _ what: String
        ) async throws {
            let push = try await git.push("blog", "+\(commit):refs/heads/main")
            #expect(push.status == 1, "\(what): \(push)")
            #expect(push.messages.contains("! [remote rejected]"), "\(what): \(push)")
            #expect(!push.messages.contains(site.directory.path), "\(what): no paths of the server's")
            #expect(try await site.refs("blog") == ["refs/heads/main": good])
            let kept = try await Command(
                "/usr/bin/git", ["-C", site.repository("blog"), "-c", "safe.directory=*", "cat-file", "-e", commit]
            ).run()
            #expect(kept.status != 0, "\(what): the object is kept")
        }

        /// Expects an app's repository to have no object, no ref, and nothing left of a push.
        private func expectNothingStored(_ site: Site, _ app: String) async throws {
            let objects = try HostFile.paths(below: site.repository(app) + "/objects")
            #expect(Set(objects).isSubset(of: ["pack", "info"]), "\(objects)")
            if HostFile.exists(site.repository(app)) { #expect(try await site.refs(app).isEmpty) }
        }
    }
}
