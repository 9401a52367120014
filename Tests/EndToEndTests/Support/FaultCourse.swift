import Testing

/// The course of an outage, from its begin to its end, with all that anybody sees of it.
struct FaultCourse: Sendable {
    /// Where people are told that the status page is.
    static let address = "http://status.example.org"
    /// How long a push may take that is refused before its upload: the fastest of a few, for the machine has other work as well.
    private static let patience = Duration.seconds(3)
    /// How long any may take.
    private static let longest = Duration.seconds(20)

    let faulty: FaultySite
    /// A work tree whose push would take long.
    let large: String

    private var fault: DiskFault { faulty.fault }
    private var site: Site { faulty.site }
    private var server: SlipwayServer { faulty.site.server }
    private var name: Comment { "\(fault)" }

    /// Goes through outages at the same time, each with a server of its own.
    static func run(_ faults: [DiskFault]) async throws {
        let shared = try TemporaryDirectory()
        // Never used to connect.
        let key = TestKey(path: "/dev/null", line: "")
        let git = try await GitClient.initialise(
            shared("large"), ssh: SSHClient(key: key, port: 1, directory: shared))
        try await git.commitNoise(megabytes: 50)
        await FaultySite.withEach(faults, flags: ["--health-public-url", Self.address]) { faulty in
            try await FaultCourse(faulty: faulty, large: shared("large")).run()
        }
    }

    private func run() async throws {
        let git = try await site.git(building: "echo built")
        try await git.push("blog", "main").succeeded()
        let refs = try await site.refs("blog")
        let probes = ProbeWatch(server)

        if fault.failure == .hung { try await pushEarly() }
        let noticed = try await faulty.fail()
        // At once, and when what was found then is no longer new.
        let refused = try await push("first")
        try await rawPush()
        try await pages()
        if fault.leavesReading { try await read(refs) }
        let refusedLater = try await push("second")
        #expect(min(refused, refusedLater) < Self.patience, "\(fault): refused after \(refused), \(refusedLater)")

        let mended = try await faulty.mend()
        try await git.commit("After the outage")
        let push = try await git.push("blog", "main")
        #expect(push.status == 0, "\(fault): \(push)")
        let commit = try await git("rev-parse", "HEAD")
        #expect(try await site.refs("blog") == ["refs/heads/main": commit], name)
        print(
            "\(fault): known after \(noticed), pushes refused after \(refused) and \(refusedLater), recovery known after \(mended), "
                + "\(probes.count) probes")

        #expect(probes.count > 40 && probes.failures.isEmpty, "\(fault): \(probes.failures)")
        try log()
        try await site.isQuiet("blog")
        // What was given up while it hung may end a moment after its recovery.
        try? await eventually("nothing lies about", within: .seconds(60)) { try faulty.leftoversOfStore.isEmpty }
        #expect(try faulty.leftoversOfStore.isEmpty, name)
    }

    /// A push when a check has failed, but not often enough for it to be down: the gate looks for itself, and waits for no more
    /// than its own limit.
    private func pushEarly() async throws {
        try await faulty.disk.fail()
        try await eventually("\(fault): a check has failed") {
            (try await server.dependency(fault.dependency)?["consecutiveFailures"]?.number ?? 0) > 0
        }
        let start = ContinuousClock.now
        let push = try await GitClient(directory: large, ssh: site.ssh()).push("blog", "main:large")
        let took = ContinuousClock.now - start
        print("\(fault): first push refused after \(took)")
        #expect(took < Self.longest, "\(fault): refused after \(took)")
        #expect(push.status == 128 && push.messages.contains("right now: \(fault.title) is down"), "\(fault): \(push)")
        #expect(fault.causes.contains { push.messages.contains("\($0).\n") }, "\(fault): \(push)")
    }

    /// A real push of 50 MB: refused at once, in these words, without having sent any of it.
    ///
    /// - Returns: How long it took.
    private func push(_ trace: String) async throws -> Duration {
        let client = GitClient(directory: large, ssh: try site.ssh())
        let (git, trace) = try client.traced(trace)
        let start = ContinuousClock.now
        let push = try await git.push("blog", "main:large")
        let took = ContinuousClock.now - start
        #expect(took < Self.longest, "\(fault): refused after \(took)")
        #expect(push.status == 128, "\(fault): \(push)")
        try expectRefusal(push.messages, prefix: "fatal: remote error: ")
        #expect(!trace.hasPacked, name)
        #expect(trace.sentBytes > 500 && trace.sentBytes < 20_000, "\(fault): \(trace.sentBytes) bytes were sent")
        return took
    }

    /// What the server itself answers: one packet and the status 1.
    private func rawPush() async throws {
        // The push before this one is counted when it has ended, a moment after its client has.
        let pushes = #"slipway_pushes_in_progress"#
        try await eventually("\(fault): nothing is in progress") { (try await server.metrics()[pushes] ?? 0) == 0 }
        let before = try await server.metrics()
        let push = try await site.ssh().run("git-receive-pack 'blog'")
        #expect(push.status == 1 && push.messages.isEmpty, "\(fault): \(push)")
        #expect(push.output.count < 1000, "\(fault): \(push.output.count) bytes")
        let length = Int(push.text.prefix(4), radix: 16)
        #expect(length == push.output.count && push.text.dropFirst(4).hasPrefix("ERR "), "\(fault): \(push)")
        try expectRefusal(String(decoding: push.output.dropFirst(8), as: UTF8.self), prefix: "")

        let after = try await server.metrics()
        for series in [#"slipway_gate_answers_total{answer="refused"}"#, #"slipway_pushes_total{outcome="gate"}"#] {
            #expect(after[series] == (before[series] ?? 0) + 1, "\(fault): \(series)")
        }
        let received = "slipway_push_received_bytes_total"
        #expect(after[received] == before[received] && (after[received] ?? 0) < 10_000, name)
        #expect(after["slipway_dependency_up{dependency=\"\(fault.dependency)\"}"] == 0, name)
    }

    private func expectRefusal(_ text: String, prefix: String) throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let first =
            #/blog can't be built right now: (.+) is down \(since [0-2]\d:[0-5]\d UTC(?:, \d+ (?:s|min))?\): (.+)\./#
        #expect(lines.first?.hasPrefix(prefix) == true, "\(fault): \(text)")
        let match = try #require((lines.first?.dropFirst(prefix.count)).flatMap { $0.wholeMatch(of: first) }, "\(text)")
        #expect(match.1 == fault.title, "\(text)")
        #expect(fault.causes.contains(String(match.2)), "\(text)")
        #expect(lines.dropFirst().first == "\(fault.fine) Nothing was uploaded and nothing was changed.", "\(text)")
        let last =
            #/Try again in about 30 s\. Push [0-9A-HJKMNP-TV-Z]{26}; status page: http:\/\/status\.example\.org\/status/#
        #expect(lines.dropFirst(2).first?.wholeMatch(of: last) != nil, "\(text)")
        #expect(lines.dropFirst(3).filter { !$0.isEmpty }.isEmpty, "\(text)")
        #expect(!text.utf8.contains { $0 < 0x20 && $0 != 0x0A || $0 == 0x7F }, "\(text)")
        #expect(text.utf8.count < 1000, "\(text)")
        expectNoPath(text)
    }

    private func expectNoPath(_ text: String) {
        #expect(!text.contains(site.directory.path) && !text.contains("/var/"), "\(fault): \(text)")
    }

    /// What anybody reads over HTTP.
    private func pages() async throws {
        let start = ContinuousClock.now
        let plain = try await server.get("/healthz")
        #expect(ContinuousClock.now - start < Self.longest, name)
        #expect(plain.status == 503, "\(fault): \(plain)")
        let cause = try #require(
            plain.body.firstMatch(
                of: try Regex("\\[-\\]\(fault.dependency) failed: (.+)", as: (Substring, Substring).self)),
            "\(fault): \(plain)")
        #expect(!cause.1.isEmpty)
        for other in ["ssh", "storage", "executor", "repositories", "access"] where other != fault.dependency {
            #expect(plain.body.contains("[+]\(other) ok"), "\(fault): \(plain)")
        }
        let headline = try await server.headline()
        let words = try Regex("Pushes are refused: \(fault.title) is down for \\d+ s")
        #expect(headline.wholeMatch(of: words) != nil, "\(fault): \(headline)")
        for page in try await server.pages() {
            if page.path == "/status" {
                let html = fault.title.replacing("'", with: "&#39;")
                #expect(
                    page.body.contains("Pushes are refused: \(fault.title) is down")
                        || page.body.contains("Pushes are refused: \(html) is down"), "\(fault): \(page.body)")
            }
            #expect(page.status == (page.path.hasPrefix("/healthz") ? 503 : 200), "\(fault): \(page.path)")
            expectNoPath(page.body)
        }
    }

    /// Clone, fetch and `ping` need none of this.
    private func read(_ refs: [String: String]) async throws {
        let ssh = try site.ssh()
        #expect(try await ssh.run("ping").text == "pong", name)
        let git = try site.clone("work")
        try await git("clone", "-q", git.remote("blog"), site.directory("copy"))
        let copy = try site.clone("copy")
        #expect(try await copy("rev-parse", "HEAD") == refs["refs/heads/main"], name)
        #expect(try await site.refs("blog") == refs, name)
        #expect(try await copy("fetch", git.remote("blog"), "main").isEmpty, name)
    }

    /// One line for each transition, and no restart.
    private func log() throws {
        #expect(server.process.ending == nil, name)
        #expect(server.output.split(separator: "\n").filter { $0.contains("Slipway is ready") }.count == 1, name)
        let lines = server.transitions(of: fault.dependency)
        #expect(lines.map { $0["was"] } == ["unknown", "up", "down"], "\(fault): \(lines)")
        #expect(lines.map { $0["is"] } == ["up", "down", "up"], "\(fault): \(lines)")
        #expect(lines.map(\.level) == ["info", "error", "notice"], "\(fault): \(lines)")
        #expect(
            lines.map(\.message) == [
                "Dependency works: \(fault.title)", "Dependency is down: \(fault.title)",
                "Dependency works again: \(fault.title)",
            ], "\(fault): \(lines)")
        #expect(lines.allSatisfy { $0["since"]?.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/#) != nil }, name)
        #expect(lines.map { $0["cause"].map(fault.causes.contains) } == [nil, true, nil], "\(fault): \(lines)")
        for other in ["storage", "executor", "repositories", "access"] where other != fault.dependency {
            #expect(server.transitions(of: other).map { $0["is"] } == ["up"], "\(fault): \(other)")
        }
    }
}
