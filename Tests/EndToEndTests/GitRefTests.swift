import Testing

extension EndToEnd {
    @Suite("Refs")
    struct GitRefTests {
        @Test("branches and tags are made, moved, forced and deleted, one or many at a time")
        func everything() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            let first = try await git.commit("first")
            let second = try await git.commit("second")
            try await git("tag", "light")
            try await git("tag", "-a", "-m", "Annotated", "v1")
            let tag = try await git("rev-parse", "v1")

            // Several at once, of every kind, with names that are unusual.
            let push = try await git.push(
                "blog", "main", "\(first):refs/heads/feature/deep/er", "v1", "light", "\(first):refs/heads/ünï",
                "\(first):refs/notes/review", "\(first):refs/heads/main2")
            #expect(push.status == 0, "\(push)")
            var expected = [
                "refs/heads/main": second, "refs/heads/feature/deep/er": first, "refs/tags/v1": tag,
                "refs/tags/light": second, "refs/heads/ünï": first, "refs/notes/review": first,
                "refs/heads/main2": first,
            ]
            #expect(try await site.refs("blog") == expected)

            // Forward, backward only by force, delete, and a tag that moves.
            #expect(try await git.push("blog", "main:main2").status == 0)
            #expect(try await git.push("blog", "\(first):main").status == 1, "git itself says no")
            let force = try await git.push(
                "blog", "+\(first):main", ":main2", "+\(first):refs/tags/light", ":refs/tags/v1")
            #expect(force.status == 0, "\(force)")
            #expect(force.messages.contains("main2 is deleted"))
            expected["refs/heads/main"] = first
            expected["refs/heads/main2"] = nil
            expected["refs/tags/light"] = first
            expected["refs/tags/v1"] = nil
            #expect(try await site.refs("blog") == expected)

            // Many.
            try await git.shell(
                "for i in $(seq 300); do echo create refs/heads/many/$i \(second); done | git update-ref --stdin")
            #expect(try await git.push("blog", "refs/heads/many/*:refs/heads/many/*").status == 0)
            #expect(try await site.refs("blog").count == expected.count + 300)
            #expect(try await git.push("blog", "refs/nothing/*:refs/heads/many/*", flags: ["--prune"]).status == 0)
            #expect(try await site.refs("blog") == expected)

            // A name that is free again can be used as a folder.
            #expect(try await git.push("blog", ":feature/deep/er").status == 0)
            #expect(try await git.push("blog", "\(first):refs/heads/feature").status == 0)
        }

        @Test("branch names that only bytes tell apart live side by side")
        func equivalentNames() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            let commit = try await git.commit()
            // The same letter twice: composed, and as a letter with a combining mark. To Swift these are equal texts.
            let names = ["caf\u{e9}", "cafe\u{301}"]
            let both = try await git.push(
                "blog", "\(commit):refs/heads/\(names[0])", "\(commit):refs/heads/\(names[1])")
            #expect(both.status == 0, "\(both)")
            let next = try await git.commit("next")
            let one = try await git.push("blog", "\(next):refs/heads/\(names[1])")
            #expect(one.status == 0, "\(one)")
            let listing = try await git("ls-remote", git.remote("blog"))
            #expect(
                listing.utf8.elementsEqual("\(next)\trefs/heads/\(names[1])\n\(commit)\trefs/heads/\(names[0])".utf8))
        }

        @Test("a push of what is there already says so, and succeeds")
        func nothing() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            let commit = try await git.commit()
            try await git("push", "-q", git.remote("blog"), "main")
            let again = try await git.push("blog", "main")
            #expect(again.status == 0)
            #expect(again.messages.contains("nothing was pushed to blog; main is at \(commit.prefix(7))"), "\(again)")
            #expect(again.messages.contains("Everything up-to-date"))
        }

        @Test("deleting what is not there, and pushing to an app by deleting only, changes nothing")
        func emptyDeletes() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            try await git.commit()
            let absent = RawPush(commands: ["\(RawPush.zero) \(RawPush.zero) refs/heads/gone"])
            #expect(try await absent.run("blog", by: site.ssh()).status != 0)
            let deletion = RawPush(commands: [
                "1234567890123456789012345678901234567890 \(RawPush.zero) refs/heads/gone"
            ])
            let answer = try await deletion.run("blog", by: site.ssh())
            #expect(answer.status == 1 && answer.text.contains("ng refs/heads/gone"), "\(answer)")
            #expect(
                try HostFile.paths(below: site.directory("data/repositories")).isEmpty, "no repository is made for it")
        }

        @Test("with --atomic one bad ref keeps all as they were; without, the good ones go through")
        func atomic() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            try git.write("file", "text")
            try await git.commit("first")
            try await git("push", "-q", git.remote("blog"), "main", "main:old")
            let before = try await site.refs("blog")
            let second = try await git.commit("second")

            // main is in the way of main/sub; a file is no commit; both are for the server to find.
            for bad in ["main:refs/heads/main/sub", "\(try await git("rev-parse", "HEAD:file")):refs/heads/blob"] {
                let refs = ["main", ":old", "main:new", bad]
                let atomic = try await git.command(["push", "--atomic", git.remote("blog")] + refs).run()
                #expect(atomic.status == 1, "\(atomic)")
                #expect(atomic.messages.contains("atomic"))
                #expect(try await site.refs("blog") == before)
            }
            let loose = try await git.push("blog", "main", ":old", "main:new", "main:refs/heads/main/sub")
            #expect(loose.status == 1)
            #expect(loose.messages.contains("! [remote rejected] main -> main/sub"), "\(loose)")
            #expect(try await site.refs("blog") == ["refs/heads/main": second, "refs/heads/new": second])
            let good = try await git.push("blog", "main:a", "main:b", ":new", flags: ["--atomic"])
            #expect(good.status == 0, "\(good)")
        }

        @Test("an old value that is not true any more is refused, whoever sends it")
        func stale() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            let first = try await git.commit("first")
            let second = try await git.commit("second")
            try await git("push", "-q", git.remote("blog"), "main")

            try await git("clone", "-q", git.remote("blog"), site.directory("other"))
            let other = try site.clone("other")
            let theirs = try await other.commit("theirs")
            try await other("push", "-q", "origin", "main")
            try await git.commit("mine")
            #expect(try await git.push("blog", "main").messages.contains("fetch first"))
            let lease = try await git.push("blog", "main", flags: ["--force-with-lease=main:\(second)"])
            #expect(lease.status == 1 && lease.messages.contains("stale info"))

            // As a client does that saw the refs before somebody else moved them.
            let pack = try await git.shell("git pack-objects -q --stdout </dev/null").output
            for command in [
                "\(second) \(first) refs/heads/main", "\(RawPush.zero) \(second) refs/heads/main",
                "\(second) \(RawPush.zero) refs/heads/main", "\(second) \(first) refs/heads/gone",
            ] {
                let push = RawPush(commands: [command], pack: pack)
                let answer = try await push.run("blog", by: site.ssh())
                #expect(answer.status == 1, "\(command): \(answer)")
                #expect(answer.text.contains("ng refs/heads/"), "\(command): \(answer)")
                #expect(try await site.refs("blog") == ["refs/heads/main": theirs])
            }
        }

        @Test("of two pushes that race for a ref, one wins and the other is told")
        func race() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            try await git.commit("base")
            try await git("push", "-q", git.remote("blog"), "main")
            var racers: [(git: GitClient, commit: String)] = []
            for number in 0..<4 {
                try await git("clone", "-q", git.remote("blog"), site.directory("racer-\(number)"))
                let racer = try site.clone("racer-\(number)")
                racers.append((racer, try await racer.commit("by \(number)")))
            }
            let pushes = try racers.map { ($0.commit, try $0.git.startPush("blog", "main")) }
            var winners: [String] = []
            for (commit, push) in pushes where try await push.result().status == 0 { winners.append(commit) }
            #expect(winners.count == 1)
            #expect(try await site.refs("blog") == ["refs/heads/main": winners.first ?? ""])
        }

        @Test("a branch must be a commit; a tag may be anything", arguments: ["HEAD:file", "HEAD^{tree}", "v1"])
        func kinds(_ object: String) async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            try git.write("file", "text")
            try await git.commit()
            try await git("tag", "-a", "-m", "Annotated", "v1")
            let id = try await git("rev-parse", object)
            let branch = try await git.push("blog", "\(id):refs/heads/main")
            #expect(branch.status == 1)
            #expect(branch.messages.contains("remote rejected"), "\(branch)")
            #expect(branch.messages.contains("commit"))
            let tag = try await git.push("blog", "\(id):refs/tags/thing")
            #expect(tag.status == 0, "\(tag)")
            #expect(try await site.refs("blog") == ["refs/tags/thing": id])
        }

        @Test("names that git does not allow are refused one by one, and a protected place is not reached")
        func badNames() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            let commit = try await git.commit()
            try await git("push", "-q", git.remote("blog"), "main")
            let pack = try await git.shell("git pack-objects -q --stdout </dev/null").output
            for name in [
                "refs/heads/../../config", "refs/heads/a..b", "refs/heads/.hidden", "refs/heads/x.lock", "HEAD",
                "config",
                "refs/heads/", "refs//heads/x", "refs/heads/a b", "refs/heads/a~1", "../x", "/etc/passwd",
                "refs/heads/x/",
                "refs/heads/\u{1}", "refs/heads/" + String(repeating: "n", count: 2000),
            ] {
                let push = RawPush(commands: ["\(RawPush.zero) \(commit) \(name)"], pack: pack)
                let answer = try await push.run("blog", by: site.ssh())
                #expect(answer.status == 1, "\(name): \(answer)")
            }
            #expect(try await site.refs("blog") == ["refs/heads/main": commit])
            #expect(try await git.push("blog", "main:next").status == 0, "and the next push works")
        }
    }
}
