import Glibc
import Testing

extension EndToEnd {
    /// Few file descriptors, and clients who take as many as they get.
    @Suite("File descriptors")
    struct DescriptorTests {
        /// Longer than what kubelet gives a probe: what asks here is as busy as what answers.
        private static let probePatience = Duration.seconds(5)

        /// A server with a limit, and its ports.
        private struct Limited {
            let site: WrappedSite
            let health: UInt16
            let objects: UInt16

            func ask(_ path: String) async throws -> (status: Int, body: String) {
                let result = try await Command(
                    "/usr/bin/curl", ["-s", "-m", "5", "-w", "\n%{http_code}", "http://127.0.0.1:\(health)\(path)"]
                ).run()
                let lines = result.text.split(separator: "\n", omittingEmptySubsequences: false)
                return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined(separator: "\n"))
            }

            /// Why dependencies do not work, by their names.
            func causes() async throws -> [String: String] {
                let answer = try await ask("/status.json")
                guard answer.status == 200 else { throw Failed("\(answer): \(site.text.suffix(400))") }
                let report = try JSONTree(parsing: answer.body)
                let all = (report["dependencies"]?.elements ?? []).map {
                    ($0["name"]?.string ?? "", $0["cause"]?.string)
                }
                return Dictionary(uniqueKeysWithValues: all).compactMapValues { $0 }
            }

            /// All descriptors that it has open.
            func descriptors() async throws -> Set<Int> {
                let names = try await Command("/usr/bin/ls", ["/proc/\(site.process.id)/fd"]).run().succeeded()
                return Set(names.text.split(separator: "\n").compactMap { Int($0) })
            }

            /// Lets it open so many more, whatever it was started with.
            func leave(_ free: Int) async throws {
                let open = try await descriptors()
                var limit = 0
                var rest = free
                while rest > 0 || limit <= 2 {
                    if !open.contains(limit) { rest -= 1 }
                    limit += 1
                }
                try await setLimit(limit)
            }

            func setLimit(_ limit: Int) async throws {
                _ = try await Command("/usr/bin/prlimit", ["--pid", "\(site.process.id)", "--nofile=\(limit):"]).run()
                    .succeeded()
            }
        }

        private static func start(limit: Int, _ flags: [String] = []) async throws -> Limited {
            let port = try FreePorts.first(of: 2)
            let site = try await WrappedSite.start(
                "--health-port", "\(port)", "--storage-port", "\(port + 1)", "--storage-public-url",
                "http://127.0.0.1:\(port + 1)"
            ) { ["/usr/bin/prlimit", "--nofile=\(limit)", "--"] + $0 }
            return Limited(site: site, health: UInt16(port), objects: UInt16(port + 1))
        }

        @Test("floods of all ports at once leave probes, truth and the process alive", arguments: [256, 1024])
        func flood(_ limit: Int) async throws {
            let limited = try await Self.start(limit: limit)
            let (site, ports) = (limited.site, [limited.health, limited.objects, limited.site.ssh.port])
            let flood = SocketFlood()
            for port in ports { flood.open(limit + 100, to: port) }
            // The SSH clients say nothing, the others half of something.
            flood.send("GET /livez HTTP/1.1\r\nHost: x\r\n", butTo: site.ssh.port)

            let probe = ProbeClient(port: limited.health, keepsAlive: false)
            var refusals: Set<String> = []
            var failures: [String] = []
            let end = ContinuousClock.now + .seconds(14)
            while ContinuousClock.now < end {
                let answer = probe.ask("/livez")
                if answer.status != 200 || answer.took > Self.probePatience {
                    failures.append("/livez \(answer.status) after \(answer.took)")
                }
                let ready = try await limited.ask("/readyz")
                if ready.status == 503 {
                    refusals.formUnion(
                        ready.body.split(separator: "\n").filter { $0.hasPrefix("[-]") }.map(String.init))
                } else if ready.status != 200 {
                    failures.append("/readyz \(ready)")
                }
                flood.renew(limit: 60)
                flood.send("X: y\r\n", butTo: site.ssh.port)
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(failures.isEmpty)
            try #require(site.process.ending == nil, "\(site.text.suffix(2000))")
            // Newcomers were refused, and that was told; nothing else is amiss.
            let isFull = refusals.contains { $0.hasPrefix("[-]slots failed: ") }
            // Its own dial waits behind those of the flood.
            let others = refusals.filter { !$0.hasPrefix("[-]slots failed: ") && !$0.hasPrefix("[-]ssh failed: ") }
            #expect(isFull && others.isEmpty, "\(refusals)")
            #expect(try await limited.descriptors().count < limit)

            flood.end()
            let git = try await site.git()
            try git.writeBuild("echo built")
            try await git.commit()
            try await eventually("a push works", within: .seconds(60)) {
                try await git.push("blog", "HEAD:main").status == 0
            }
            #expect(try await limited.ask("/readyz").body == "ok")
        }

        @Test(
            "however few are left, a child that cannot be started is an error with words, never the end of the process")
        func fewLeft() async throws {
            let limited = try await Self.start(limit: 1024)
            // Not fewer than libdispatch and the probes need; once a check has failed, whoever asks has it made again.
            try await limited.leave(10)
            try await eventually("a check of the executor fails", within: .seconds(30)) {
                try await limited.causes()["executor"] != nil
            }
            var causes: Set<String> = []
            for free in stride(from: 10, through: 40, by: 3) {
                try await limited.leave(free)
                let answer = ProbeClient(port: limited.health, keepsAlive: false).ask("/livez")
                #expect(answer.status == 200 && answer.took < Self.probePatience, "\(free) left: \(answer)")
                // At most once a second, though.
                try await Task.sleep(for: .milliseconds(1100))
                _ = try await limited.ask("/healthz")
                try #require(limited.site.process.ending == nil, "\(free) left: \(limited.site.text.suffix(400))")
                try await limited.causes()["executor"].map { _ = causes.insert($0) }
            }
            let shortage = "this builder is out of file descriptors"
            #expect(causes.contains(shortage) && causes.isSubset(of: [shortage, "no answer within 2 s"]), "\(causes)")
            try await limited.setLimit(1024)
            try await eventually("all is well again", within: .seconds(60)) {
                try await limited.ask("/healthz").body == "ok"
            }
        }

        @Test("fewer connections than asked for are told at the start, with what would be needed")
        func lowered() async throws {
            let limited = try await Self.start(limit: 256)
            let line = try #require(
                limited.site.text.split(separator: "\n").first { $0.contains("the limit of open files is too low") })
            #expect(
                line.contains("\"connections\":\"32\"") && line.contains("\"open-files-needed\":\"8192\""), "\(line)")
            let report = try JSONTree(parsing: try await limited.ask("/status.json").body)
            #expect(report["connections"]?["limit"]?.number == 32)
        }

        @Test("with hardly any there is no start, and the reason is one line")
        func refused() async throws {
            let failure = await #expect(throws: Failed.self) { _ = try await Self.start(limit: 100) }
            #expect(failure.map { "\($0)".contains("the limit of open files is 100, at least 256 are needed") } == true)
        }
    }
}
