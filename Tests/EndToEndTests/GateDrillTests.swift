import Testing

extension EndToEnd {
    @Suite("Faults on purpose")
    struct GateDrillTests {
        @Test(
            "what is down on purpose is told as such, at the gate, in the log and on the status page",
            arguments: [("storage", "object storage"), ("executor", "the build executor")])
        func down(target: String, title: String) async throws {
            let site = try await Site.start("--simulate", "\(target)=down")
            let git = try await site.git(building: "echo never")
            let push = try await git.push("blog", "main")
            #expect(push.status == 128)
            #expect(push.messages.contains("blog can't be built right now: \(title) is down"), "\(push)")
            #expect(push.messages.contains("a fault is simulated"), "\(push)")
            #expect(push.messages.contains("Nothing was uploaded and nothing was changed."), "\(push)")
            #expect(try await site.ssh().run("ping").text == "pong")
            try await shouts("\(target)=down", at: site)

            try await eventually("it is down") { try await site.server.state(of: target) == "down" }
            #expect(try await site.server.headline().hasPrefix("Pushes are refused: \(title) is down for "))
            let line = try #require(site.server.transitions(of: target).first { $0["is"] == "down" })
            #expect(line["simulated"] == "down", "\(line)")
        }

        @Test("where nothing is built, pushes need no object storage")
        func notNeeded() async throws {
            let site = try await Site.start("--executor", "none", "--simulate", "storage=down")
            try await eventually("it is down") { try await site.server.state(of: "storage") == "down" }
            let git = try await site.git(building: "true")
            try await git.push("blog", "main").succeeded()
            #expect(try await site.server.headline() == "Pushes work, but object storage is down")
        }

        @Test("without object storage the ref that is built is refused, and the one that is only stored moves")
        func storedRef() async throws {
            let site = try await Site.start(
                "--push-gate", "off", "--push-retry", "0s", "--simulate", "storage=down")
            let git = try await site.git(building: "echo never")
            let atomic = try await git.push("blog", "HEAD:main", "HEAD:other", flags: ["--atomic"])
            for ref in ["main", "other"] {
                #expect(
                    atomic.messages.contains("! [remote rejected] HEAD -> \(ref) (object storage is down)"), "\(atomic)"
                )
            }
            #expect(try await site.refs("blog").isEmpty)

            let push = try await git.push("blog", "HEAD:main", "HEAD:other")
            #expect(push.status == 1)
            #expect(push.messages.contains("! [remote rejected] HEAD -> main (object storage is down)"), "\(push)")
            #expect(push.messages.contains("Not built and not changed: main. The other refs go on."), "\(push)")
            #expect(push.messages.contains("* [new branch]      HEAD -> other"), "\(push)")
            #expect(try await site.refs("blog").keys.sorted() == ["refs/heads/other"])
            let metrics = try await site.server.metrics()
            #expect(metrics[#"slipway_pushes_total{outcome="failed"}"#] == 2)
            #expect(metrics[#"slipway_pushes_total{outcome="refused"}"#] == 0)
        }

        @Test(
            "an access list that is down on purpose stops no push, but says so to refused keys and on the status page")
        func access() async throws {
            let site = try await Site.start("--simulate", "access=down")
            let git = try await site.git(building: "echo built")
            try await git.push("blog", "main").succeeded()
            let stranger = try await TestKey.make("stranger", in: site.directory)
            let ssh = SSHClient(key: stranger, port: site.server.sshPort, directory: site.directory)
            let login = try await ssh.run("ping", flags: ["-o", "LogLevel=INFO"])
            #expect(login.messages.contains("this may not be your key's fault: a fault is simulated."), "\(login)")
            try await shouts("access=down", at: site)
            try await eventually("it is down") { try await site.server.state(of: "access") == "down" }
            #expect(try await site.server.headline() == "Pushes work, but the access list cannot be read")
        }

        @Test(
            "object storage that is slow on purpose slows pushes down, and counts as down beyond the limit of a check")
        func slow() async throws {
            let site = try await Site.start("--simulate", "storage=slow:200ms")
            let git = try await site.git(building: "echo built")
            let start = ContinuousClock.now
            try await git.push("blog", "main").succeeded()
            #expect(ContinuousClock.now - start > .seconds(1), "five operations and more")
            try await shouts("storage=slow:200ms", at: site)

            let slower = try await Site.start("--simulate", "storage=slow:3s")
            let refused = try await slower.git(building: "echo never")
            let push = try await refused.push("blog", "main")
            #expect(push.status == 128)
            #expect(push.messages.contains("object storage is down"), "\(push)")
            #expect(push.messages.contains("no answer within 2 s"), "\(push)")
            try await shouts("storage=slow:3s", at: slower)
        }

        @Test("object storage that fails at random on purpose: a push is whole or not at all, and most are whole")
        func flaky() async throws {
            let site = try await Site.start("--simulate", "storage=flaky:0.3", "--push-gate", "off")
            let apps = ["a", "b", "c", "d"]
            let whole = try await withThrowingTaskGroup(of: Int.self) { group in
                for app in apps { group.addTask { try await Self.pushTwice(app, at: site) } }
                return try await group.reduce(0, +)
            }
            let retries = try await site.server.metrics()["slipway_push_retries_total"] ?? 0
            print("storage=flaky:0.3: \(whole) of \(apps.count * 2) pushes went through, \(Int(retries)) retries")
            #expect(whole > apps.count)
            try await shouts("storage=flaky:0.3", at: site)
        }

        /// - Returns: How many of the two pushes went through.
        private static func pushTwice(_ app: String, at site: Site) async throws -> Int {
            let git = try await site.git(app, building: "echo built; echo kept > \"$SLIPWAY_OUTPUT/file\"")
            let builds = site.builds(of: app)
            var whole = 0
            var expected: String?
            for number in 1...2 {
                let commit = try await git.commit("Number \(number)")
                let push = try await git.push(app, "main")
                let isWhole = push.status == 0
                if isWhole {
                    whole += 1
                    expected = commit
                    let record = try #require(builds.records.last { $0.commit == commit })
                    #expect(record.outcome == "succeeded", "\(record)")
                    let artifact = try #require(record.artifact)
                    #expect(try await builds.names(inArchive: artifact.key) == ["file"])
                } else {
                    #expect(push.messages.contains("(object storage is down)"), "\(push)")
                    #expect(!builds.records.contains { $0.commit == commit && $0.outcome == "succeeded" }, "\(push)")
                }
                #expect(try await site.refs(app)["refs/heads/main"] == expected, "\(push)")
                #expect(site.leftovers(of: app).filter { $0.hasPrefix("incoming-") }.isEmpty)
            }
            return whole
        }

        @Test("the status page is not the shouting one when nothing is simulated")
        func none() async throws {
            let site = try await Site.start()
            #expect(try await site.server.metrics()["slipway_simulated_faults"] == 0)
            #expect(try await site.server.status()["simulated"] == .array([]))
            #expect(try await !site.server.get("/status").body.contains("on purpose"))
            #expect(!site.server.rawLog.contains("SIMULATED"))
        }

        @Test(
            "a fault that does not exist ends the start before anything listens, and the message tells those there are",
            arguments: [
                "storge=down", "storage", "storage=broken", "storage=slow", "storage=flaky:2", "pool=slow:1s",
                "storage=down,storage=slow:1s",
            ])
        func unknown(fault: String) async throws {
            let directory = try TemporaryDirectory()
            try directory.write("access.yaml", "users: {}\n")
            let result = try await SlipwayProgram.run(
                ["serve"] + Site.flags(directory, ["--simulate", fault]), directory: directory.path)
            #expect(result.status != 0)
            #expect(result.messages.split(separator: "\n").count == 1, "\(result)")
            for word in [
                "simulate", "TARGET=down", "slow:3s", "flaky:0.3", "storage", "executor", "repositories", "access",
            ] {
                #expect(result.messages.contains(word), "\(word): \(result)")
            }
            #expect(!HostFile.exists(directory("data")), "nothing was made")
        }

        /// The log, the status page, its JSON and the metrics say that a fault is simulated.
        private func shouts(_ fault: String, at site: Site) async throws {
            let line = try await site.server.logLine("FAULTS ARE SIMULATED ON PURPOSE")
            #expect(line.level == "critical" && line["faults"] == fault, "\(line)")
            let page = try await site.server.get("/status").body
            #expect(page.contains("Faults are being simulated on purpose: <b>\(fault)</b>"), "\(page)")
            let status = try await site.server.status()
            #expect(status["simulated"] == .array([.string(fault)]))
            #expect(try await site.server.metrics()["slipway_simulated_faults"] == 1)
        }
    }
}
