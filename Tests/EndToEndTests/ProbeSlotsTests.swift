import Testing

extension EndToEnd {
    @Suite("Probes of a full server")
    struct ProbeSlotsTests {
        @Test("a server whose places are all taken is not ready until a fifth of them is free, and lives all the time")
        func slots() async throws {
            let site = try await Site.start("--executor", "none", "--ssh-max-connections", "8")
            var held: [RunningCommand] = []
            for count in 1...7 { try await hold(&held, count, at: site) }
            #expect(try await site.server.get("/readyz").status == 200, "one place is left")
            try await hold(&held, 8, at: site)
            try await expectFull(site, "all 8 connections are taken; ready again at 6")

            // One more is told so; the server's own dials are let in all the same.
            let ninth = try await site.ssh().run("ping")
            #expect(ninth.status == 255)
            let refused = try await site.server.logLine("connection refused")
            #expect(refused["reason"] == "too many connections", "\(refused)")
            let dials = "slipway_ssh_dials_total{result=\"ok\"}"
            let before = Metrics(try await site.server.get("/metrics").body)[dials] ?? 0
            try await eventually("the server dials itself") {
                Metrics(try await site.server.get("/metrics").body)[dials] ?? 0 > before
            }
            try await expectFull(site, "all 8 connections are taken; ready again at 6")

            try await release(&held, to: 7, at: site)
            try await expectFull(site, "7 of 8 connections are taken; ready again at 6")
            try await release(&held, to: 6, at: site)
            #expect(try await site.server.get("/readyz").body == "ok")
            #expect(try await site.server.get("/readyz/slots").status == 200)
            #expect(try await site.ssh().run("ping").text == "pong")
            try await connections(6, at: site)
            // The way up is as long: 7 are not full again.
            try await hold(&held, 7, at: site)
            #expect(try await site.server.get("/readyz").status == 200)
        }

        private func expectFull(_ site: Site, _ words: String, at place: SourceLocation = #_sourceLocation) async throws
        {
            let answer = try await site.server.get("/readyz")
            #expect(answer.status == 503, sourceLocation: place)
            let failed = answer.body.split(separator: "\n").filter { $0.hasPrefix("[-]") }
            #expect(failed == ["[-]slots failed: \(words)"], "\(answer)", sourceLocation: place)
            #expect(try await site.server.get("/livez").body == "ok", sourceLocation: place)
        }

        private func hold(_ held: inout [RunningCommand], _ count: Int, at site: Site) async throws {
            held.append(try site.ssh().command([], flags: ["-N"]).start())
            try await connections(count, at: site)
        }

        private func release(_ held: inout [RunningCommand], to count: Int, at site: Site) async throws {
            held.removeLast().process.signalGroup(15)
            try await connections(count, at: site)
        }

        private func connections(_ count: Int, at site: Site) async throws {
            try await eventually("\(count) connections") {
                let report = try JSONTree(parsing: await site.server.get("/status.json").body)
                return report["connections"]?["count"]?.number == Double(count)
            }
        }
    }
}
