import FoundationEssentials
import Testing

extension EndToEnd {
    @Suite("How builds end")
    struct BuildEndingTests {
        @Test("a build that fails leaves the ref alone, and the same commit builds again when it is pushed again")
        func failure() async throws {
            let site = try await Site.start()
            let git = try await site.git(building: "echo fine")
            let good = try await git.commit("Good")
            try await git.push("blog", "main").succeeded()
            try git.writeBuild("echo it will not do >&2\nexit 7")
            let bad = try await git.commit("Bad")

            for attempt in 2...3 {
                let push = try await git.push("blog", "main")
                #expect(push.status == 1)
                #expect(push.messages.contains("remote: it will not do"))
                #expect(push.messages.contains("Not built: .slipway/build ended with exit code 7"))
                #expect(push.messages.contains("main stays at \(good.prefix(7))"))
                #expect(push.messages.contains("the same commit can be pushed again too"))
                #expect(push.messages.contains("! [remote rejected] main -> main (build failed with exit code 7)"))
                #expect(try await site.refs("blog") == ["refs/heads/main": good])
                let records = site.builds(of: "blog").records
                try #require(records.count == attempt)
                let record = records[attempt - 1]
                #expect(record.commit == bad && record.outcome == "failed" && record.exitCode == 7)
                #expect(record.artifact == nil && record.log != nil)
                #expect(push.messages.contains("Log: apps/blog/builds/\(record.id)/log"))
            }
        }

        @Test("of two deploy branches in one push one may fail; each build has its own log and record")
        func twoBranches() async throws {
            let site = try await Site.start()
            let git = try await site.git(building: "echo the bad one\nexit 7")
            let bad = try await git.commit("Bad")
            try git.writeBuild("echo the good one")
            let good = try await git.commit("Good")
            let push = try await git.push("blog", "\(bad):refs/heads/main", "\(good):refs/heads/master")
            #expect(push.status == 1)
            #expect(push.messages.contains("(build failed with exit code 7)"))
            #expect(try await site.refs("blog") == ["refs/heads/master": good])
            let builds = site.builds(of: "blog")
            #expect(builds.records.map(\.outcome) == ["failed", "succeeded"])
            for (record, words) in zip(builds.records, ["the bad one", "the good one"]) {
                let log = try #require(record.log)
                #expect(try String(decoding: builds.read(log.key), as: UTF8.self).contains(words))
            }
            // What was there and what became of it stands in the log, ref by ref.
            let line = try await site.server.logLine("ref")
            #expect(line["ref"] == "refs/heads/main")
            #expect(line["old"] == String(repeating: "0", count: 40))
            #expect(line["new"] == bad)
            #expect(line["result"] == "build failed with exit code 7")
        }

        @Test(
            "a build that ends badly says how",
            arguments: [
                ("kill -KILL $$", "was killed by signal 9 (SIGKILL)", "signalled"),
                ("exec no-such-program", "a command was not found", "failed"),
                ("rm -r \"$SLIPWAY_OUTPUT\"", "cannot be stored", "failed"),
                ("head -c 2M /dev/zero > \"$SLIPWAY_OUTPUT/large\"", "SIGXFSZ", "signalled"),
            ])
        func badEnding(script: String, reason: String, outcome: String) async throws {
            let site = try await Site.start("--local-max-file-size", "1MiB")
            // As its last act, so that nothing covers how it ends.
            let git = try await site.git(building: "exec /bin/bash -c '\(script.replacing("'", with: "'\\''"))'")
            let push = try await git.push("blog", "main")
            #expect(push.status == 1)
            #expect(push.messages.contains(reason), "\(push)")
            #expect(try site.builds(of: "blog").only.outcome == outcome)
            #expect(try await site.refs("blog").isEmpty)
        }

        @Test("a script whose interpreter is missing fails with a hint at it")
        func noInterpreter() async throws {
            let site = try await Site.start()
            let git = try await site.git()
            try git.write(".slipway/build", "#!/no/such/shell\n", executable: true)
            try await git.commit()
            let push = try await git.push("blog", "main")
            #expect(push.status == 1)
            #expect(push.messages.contains("the program on its first line is missing on this server"))
        }

        @Test("a build that hangs is ended at the time limit, with all its processes")
        func hangs() async throws {
            let site = try await Site.start("--build-timeout", "3s")
            let nap = HostProcesses.uniqueNap()
            let git = try await site.git(
                building: "trap '' TERM INT HUP\nsetsid sleep \(nap) &\necho hanging\nsleep \(nap)\nsleep \(nap)")
            let start = ContinuousClock.now
            let push = try await git.push("blog", "main")
            let time = ContinuousClock.now - start
            #expect(push.status == 1)
            #expect(time > .seconds(3) && time < .seconds(60), "it took \(time)")
            #expect(push.messages.contains("remote: hanging"))
            #expect(push.messages.contains(".slipway/build was ended after 3"))
            #expect(push.messages.contains("! [remote rejected] main -> main (build failed: time limit)"))
            #expect(HostProcesses.with(argument: nap).isEmpty)
            #expect(try site.builds(of: "blog").only.outcome == "timedOut")
            #expect(try await site.refs("blog").isEmpty)
        }

        @Test("a build that prints more than the limit is ended")
        func tooMuchOutput() async throws {
            let site = try await Site.start("--build-max-log-size", "1MiB")
            let git = try await site.git(building: "exec yes a line that is printed again and again")
            let push = try await git.push("blog", "main")
            #expect(push.status == 1)
            #expect(push.messages.contains("it wrote more than 1048576 bytes of output"))
            let record = try site.builds(of: "blog").only
            #expect(record.outcome == "logTooLarge")
            #expect(try #require(record.log).size < 1_100_000)
        }

        @Test("an artifact over the limit fails the build and says so")
        func largeArtifact() async throws {
            let site = try await Site.start("--build-max-artifact-size", "1MiB")
            let git = try await site.git(building: "head -c 3M /dev/urandom > \"$SLIPWAY_OUTPUT/large\"")
            let push = try await git.push("blog", "main")
            #expect(push.status == 1)
            #expect(push.messages.contains("what the build left in $SLIPWAY_OUTPUT cannot be stored"))
            let record = try site.builds(of: "blog").only
            #expect(record.outcome == "failed" && record.artifact == nil)
        }

        /// Without a sandbox, a daemon that left its session and cleaned its environment has nothing to be known by.
        @Test(
            "a build's daemons do not outlive it and do not hold the push up",
            arguments: [("bubblewrap", "env -i"), ("none", "env")])
        func daemons(sandbox: String, disguise: String) async throws {
            let site = try await Site.start("--local-sandbox", sandbox)
            let nap = HostProcesses.uniqueNap()
            let git = try await site.git(
                building: """
                    sleep \(nap) &
                    nohup sleep \(nap) &
                    setsid sleep \(nap) &
                    (setsid /bin/sh -c 'trap "" TERM HUP; exec \(disguise) sleep \(nap)' &)
                    (setsid /bin/sh -c 'sleep \(nap) & sleep \(nap)' </dev/null >/dev/null 2>&1 &)
                    asleep() { cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep -c -x '\(nap)'; }
                    until [ "$(asleep)" -ge 6 ]; do sleep 0.02; done
                    echo done
                    """)
            let start = ContinuousClock.now
            let push = try await git.push("blog", "main").succeeded()
            let time = ContinuousClock.now - start
            #expect(push.messages.contains("remote: done"))
            #expect(time < .seconds(60), "it took \(time)")
            #expect(HostProcesses.with(argument: nap).isEmpty)
        }
    }
}
