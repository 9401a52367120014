import Testing

extension EndToEnd {
    /// Pushes whose sources, logs and artifacts go into a bucket of a real S3 server.
    @Suite("Objects in S3")
    struct S3Tests {
        /// What befalls the server of the bucket.
        enum Outage: String, CaseIterable, Sendable, CustomTestStringConvertible {
            case stopped, stalled, refusing, slow

            var causes: [String] {
                switch self {
                case .stopped: ["its server cannot be reached"]
                case .stalled, .slow:
                    ["no answer within 2 s", "no answer in time", "no answer; earlier checks still hang"]
                case .refusing: ["access is refused"]
                }
            }

            var testDescription: String { rawValue }
        }

        @Test("a push builds: source, log, artifact and record are in the bucket, none of it on the disk")
        func push() async throws {
            let directory = try TemporaryDirectory()
            let s3 = try await S3Server.start(in: directory)
            defer { s3.stop() }
            let site = try await Site.start(flags: s3.flags() + ["--s3-prefix", "team/one"])
            let git = try await site.git(building: "echo from the build; echo kept > $SLIPWAY_OUTPUT/file")
            let push = try await git.push("blog", "main").succeeded()
            #expect(push.messages.contains("remote: from the build"))
            let id = String(try #require(push.messages.firstMatch(of: /\(push ([0-9A-Z]{26})\)/)).1)
            #expect(try HostFile.paths(below: site.directory("data/store")).allSatisfy { !$0.contains("apps") })

            let log = try await slipway(site, s3, ["log", "blog", "--s3-prefix", "team/one"]).succeeded()
            #expect(log.text.contains("from the build"))
            let sweep = try await slipway(site, s3, ["sweep", "--dry-run", "--s3-prefix", "team/one"]).succeeded()
            #expect(sweep.text.contains("kept 1 build"), "\(sweep)")
            let delete = try await slipway(site, s3, ["app", "delete", "blog", "--yes", "--s3-prefix", "team/one"])
            #expect(try delete.succeeded().text.contains("deleted the repository of blog and 4 objects"), "\(delete)")
            #expect(try await slipway(site, s3, ["log", "blog", "--build", id, "--s3-prefix", "team/one"]).status == 1)
            // A new app of that name starts empty.
            let again = try await git.push("blog", "main").succeeded()
            #expect(again.messages.contains("[new branch]"))
        }

        @Test("a build cannot read the server's credentials, wherever they are")
        func credentials() async throws {
            let directory = try TemporaryDirectory()
            let s3 = try await S3Server.start(in: directory)
            defer { s3.stop() }
            // As with a Secret that is mounted below /etc, which builds see.
            let visible = ["/usr", "/bin", "/lib", "/lib64", "/etc", directory.path].joined(separator: ",")
            let site = try await Site.start(flags: s3.flags() + ["--local-readonly-paths", visible])
            let git = try await site.git(
                building: """
                    ls \(directory.path); cat \(directory.path)/s3.json > /dev/null && echo "sees the folder"
                    cat \(directory.path)/s3-keys/* || echo "not the keys"
                    """)
            let push = try await git.push("blog", "main").succeeded()
            #expect(push.messages.contains("sees the folder") && push.messages.contains("not the keys"), "\(push)")
            #expect(!push.messages.contains("cikey") && !push.messages.contains("cisecret"), "\(push)")
        }

        @Test(
            "an S3 server in trouble: probes stay good, pushes are told why, recovery is noticed without a restart",
            arguments: Outage.allCases)
        func outage(_ outage: Outage) async throws {
            let directory = try TemporaryDirectory()
            let s3 = try await S3Server.start(in: directory)
            defer { s3.stop() }
            let proxy = outage == .slow ? try await SlowProxy(before: s3.port, in: directory) : nil
            let site = try await Site.start(flags: s3.flags(through: proxy?.port))
            try await site.server.isWell()
            let git = try await site.git(building: "true")
            try await git.push("blog", "main").succeeded()
            let before = try await site.refs("blog")
            let probes = ProbeWatch(site.server)

            let begin = ContinuousClock.now
            switch outage {
            case .stopped: s3.stop()
            case .stalled: s3.stall()
            case .refusing:
                s3.stop()
                try s3.know(.rotated)
                try await s3.start()
                try await eventually("the keys are refused", within: .seconds(30)) {
                    try await site.server.get("/healthz").body.contains("[-]storage failed: access is refused")
                }
            case .slow: try proxy?.beSlow(true)
            }
            try await eventually("it is known to be down", within: .seconds(60)) {
                try await site.server.state(of: "storage") == "down"
            }
            let noticed = ContinuousClock.now - begin
            try await git.commit("During the outage")
            let start = ContinuousClock.now
            let push = try await git.push("blog", "main")
            let took = ContinuousClock.now - start
            print("\(outage): refused after \(took)")
            #expect(took < .seconds(3), "\(outage): refused after \(took)")
            #expect(push.status == 128, "\(push)")
            #expect(
                push.messages.contains(
                    "fatal: remote error: blog can't be built right now: object storage is down (since "))
            #expect(outage.causes.contains { push.messages.contains("): \($0).\n") }, "\(push)")
            #expect(push.messages.contains("Nothing was uploaded and nothing was changed."))
            for secret in ["cisecret", "newsecret", "127.0.0.1:\(s3.port)", site.directory.path] {
                #expect(!push.messages.contains(secret))
                #expect(try await site.server.pages().allSatisfy { !$0.body.contains(secret) })
                if secret.contains("secret") { #expect(!site.server.rawLog.contains(secret)) }
            }
            #expect(try await site.refs("blog") == before)

            switch outage {
            case .stopped: try await s3.start()
            case .stalled: s3.resume()
            case .refusing: try s3.use(.rotated)
            case .slow: try proxy?.beSlow(false)
            }
            try await eventually("recovery is noticed", within: .seconds(15)) {
                try await site.server.state(of: "storage") == "up"
            }
            try await git.push("blog", "main").succeeded()
            #expect(probes.count > 10 && probes.failures.isEmpty, "\(probes.failures)")
            #expect(site.server.process.ending == nil)
            #expect(site.server.transitions(of: "storage").map { $0["is"] } == ["up", "down", "up"])
            print("S3 \(outage): known to be down after \(noticed)")
        }

        private func slipway(_ site: Site, _ s3: S3Server, _ arguments: [String]) async throws -> CommandResult {
            let settings = ["--data-dir", site.directory("data")] + s3.flags()
            return try await Command(try SlipwayProgram.path, arguments + settings).run()
        }
    }
}
