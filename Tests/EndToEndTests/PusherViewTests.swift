import Testing

extension EndToEnd {
    @Suite("What the pusher sees")
    struct PusherViewTests {
        @Test("a push is told its phases as they start, and at the end what was built, where it is, how long it took")
        func phases() async throws {
            let site = try await Site.start()
            let git = try await site.git(building: "echo 'the build speaks'; echo kept > \"$SLIPWAY_OUTPUT/file\"")
            let commit = try await git("rev-parse", "HEAD")
            let push = try await git.push("blog", "main").succeeded()
            let record = try site.builds(of: "blog").only
            let lines = push.messages.split(separator: "\n").filter { $0.hasPrefix("remote: ") }.map { line in
                String(line.dropFirst("remote: ".count)).trimmingSuffix(while: { $0 == " " })
            }
            let order = [
                "-----> Receiving blog (push \(record.id))",
                "-----> Storing the source of \(commit.prefix(7)) \"Build it\"",
                "-----> Unpacking the source",
                "-----> Running .slipway/build",
                "the build speaks",
                "-----> Storing the artifact",
                "-----> Built blog \(commit.prefix(7))",
                "       log       apps/blog/builds/\(record.id)/log",
                "       record    apps/blog/builds/\(record.id)/build.json",
                "-----> main is now \(commit.prefix(7))",
            ]
            #expect(lines.filter(order.contains) == order, "\(push)")
            #expect(push.messages.contains("       artifact  apps/blog/builds/\(record.id)/artifact.tar.gz ("))
            let time = try #require(lines.first { $0.hasPrefix("       time      ") })
            for phase in ["receive", "check", "source", "unpack", "build", "artifact"] {
                #expect(time.contains(try Regex("\(phase) [0-9.]+ m?s")), "\(time)")
            }
            #expect(!push.messages.contains("\u{1B}"))
        }

        @Test("pushing nothing says so, and what to do instead")
        func nothing() async throws {
            let site = try await Site.start()
            let git = try await site.git(building: "true")
            let commit = try await git("rev-parse", "HEAD")
            try await git.push("blog", "main").succeeded()
            let again = try await git.push("blog", "main").succeeded()
            #expect(again.messages.contains("Everything up-to-date"))
            #expect(again.messages.contains("nothing was pushed to blog; main is at \(commit.prefix(7))"), "\(again)")
            #expect(again.messages.contains("git commit --allow-empty"))
            #expect(site.builds(of: "blog").ids.count == 1)
        }

        @Test("whoever waits gets a sign of life every 10 s: for a silent build, and for a place in the queue")
        func signsOfLife() async throws {
            let site = try await Site.start(users: ["alice": ["*"], "bob": ["*"]])
            let git = try await site.git(building: "echo quiet now\n\(GitClient.waitForLeave)")
            let push = try git.startPush("blog", "main")
            try await push.says("remote: quiet now")
            let start = ContinuousClock.now
            let second = try await site.git("second", building: "true", as: "bob")
            let waiting = try second.startPush("blog", "main:refs/heads/other")
            try await waiting.says("Waiting for a push by alice")
            let before = waiting.messages

            try await push.says("... still building (", within: .seconds(60))
            let silence = ContinuousClock.now - start
            print("sign of life after \(silence)")
            #expect(silence > .seconds(9) && silence < .seconds(19), "one sign of life was left out")
            // The second push began to wait a moment later.
            try await eventually("a sign of life in the queue") { waiting.messages != before }
            try site.giveLeave()
            try await push.result().succeeded()
            _ = try await waiting.result()
        }

        @Test("a fault of the store is told as such, with nothing changed")
        func storeFault() async throws {
            let site = try await Site.start("--push-retry", "0s")
            let git = try await site.git(building: "echo fine")
            // A file where a folder has to be: nothing can be stored for this app.
            try site.directory.makeDirectory("data/store/objects/apps")
            try site.directory.write("data/store/objects/apps/blog", "in the way")
            let push = try await git.push("blog", "main")
            #expect(push.status == 1)
            #expect(push.messages.contains("Object storage is down: access is refused."), "\(push)")
            #expect(push.messages.contains("Nothing was changed"))
            #expect(!push.messages.contains(site.directory.path))
            #expect(try await site.refs("blog").isEmpty)
            #expect(site.server.log.contains { $0.level == "error" && $0.message == "push failed" })
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
        var text = self[...]
        while let last = text.last, predicate(last) { text.removeLast() }
        return String(text)
    }
}
