import Glibc
import Testing

extension EndToEnd {
    @Suite("Watchdog")
    struct WatchdogTests {
        @Test("when Swift's threads are all blocked, /livez says so, and the process ends itself within the named time")
        func blocked() async throws {
            let site = try await Site.start(
                "--executor", "none", "--simulate", "pool=down", "--health-crash-after", "8s")
            let server = site.server
            let start = ContinuousClock.now
            let client = ProbeClient(port: server.healthPort, keepsAlive: false)
            var body = ""
            try await eventually("/livez fails", within: .seconds(8)) {
                let answer = try await server.get("/livez")
                body = answer.body
                return answer.status == 503
            }
            print("all threads blocked: /livez failed after \(ContinuousClock.now - start): \(body)")
            #expect(body.contains(/\[-\]supervisor failed: all worker threads are blocked: nothing has run for \d s\n/))
            #expect(body.contains("[+]acceptor ok\n[+]watchdog ok\nlivez check failed\n"))
            #expect(try await server.get("/readyz").body.contains("[-]supervisor failed: "))
            // What the alerts look at can be scraped just then.
            let metrics = try await server.metrics()
            #expect((metrics[#"slipway_probe_answers_total{code="503",endpoint="livez"}"#] ?? 0) > 0)
            // More connections than an HTTP server that nobody serves would take in.
            while server.process.ending == nil, ContinuousClock.now - start < .seconds(7) {
                let answer = client.ask("/livez")
                #expect(answer.status == 503 && answer.took < .seconds(1), "\(answer)")
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try await server.process.wait(within: .seconds(13) - (.now - start)) == .signalled(SIGABRT))
            print("all threads blocked: the process ended after \(ContinuousClock.now - start)")
            let last = try #require(server.rawLog.split(separator: "\n").last)
            let line = try #require(LogLine(last), "the last line is not JSON: \(last)")
            #expect(line.level == "critical" && line["logger"] == "watchdog" && line["time"] != nil)
            #expect(line.message.contains(/^watchdog: heartbeat "supervisor" has stood still for [89] s;/), "\(line)")
        }

        @Test("a process that was stopped for longer than the watchdog's time lives on when it continues")
        func stopped() async throws {
            let site = try await Site.start("--executor", "none", "--health-crash-after", "5s")
            try await eventually("the pulse beats") { try await site.server.get("/livez").status == 200 }
            site.server.process.signal(SIGSTOP)
            // Not to wait for anything: this time without the processor is what is tested.
            try await Task.sleep(for: .seconds(6))
            #expect(site.server.process.ending == nil)
            site.server.process.signal(SIGCONT)
            // The watchdog looks once a second; kubelet asks all the while.
            let client = ProbeClient(port: site.server.healthPort, keepsAlive: false)
            let start = ContinuousClock.now
            while ContinuousClock.now - start < .seconds(3) {
                let answer = client.ask("/livez")
                #expect(answer.status == 200, "\(ContinuousClock.now - start) after it continued")
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(site.server.process.ending == nil)
            #expect(try await site.ssh().run("ping").text == "pong")
            #expect(try await site.server.get("/readyz").body == "ok")
            #expect(!site.server.log.contains { $0["logger"] == "watchdog" })
        }

        @Test("a service that throws ends the process, with the cause in one critical line")
        func service() async throws {
            let directory = try TemporaryDirectory()
            try await SharedHostKeys.shared.install(in: directory, data: "data")
            let flags = Site.flags(directory, ["--executor", "none", "--simulate", "service=down"])
            let key = try await TestKey.make("alice", in: directory)
            try directory.write("access.yaml", Site.accessFile(["alice": ["*"]], ["alice": key]))
            let result = try await SlipwayProgram.run(["serve"] + flags, directory: directory.path)
            #expect(result.status == 1)
            let lines = result.messages.split(separator: "\n")
            let log = lines.compactMap { LogLine($0) }
            #expect(log.count == lines.count, "not JSON: \(lines.filter { LogLine($0) == nil })")
            let critical = log.filter { $0.level == "critical" && !$0.message.contains("FAULTS ARE SIMULATED") }
            #expect(critical.count == 1, "\(critical)")
            #expect(critical.first?.message == "a service ended, so the server stops")
            #expect(critical.first?["cause"] == "a service ended on purpose (--simulate service=down)")
        }
    }
}
