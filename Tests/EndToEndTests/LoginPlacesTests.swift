import Testing

extension EndToEnd {
    @Suite("Places for logins")
    struct LoginPlacesTests {
        @Test("a server whose places for logins are all taken says so, and lets users in again in a moment")
        func taken() async throws {
            let site = try await Site.start("--executor", "none", "--ssh-max-unauthenticated", "5")
            let user = try site.ssh().command([], flags: ["-N"]).start()
            try await eventually("a user is there") {
                Metrics(try await site.server.get("/metrics").body)["slipway_ssh_connections{state=\"authenticated\"}"]
                    == 1
            }
            let flood = SocketFlood()
            flood.open(5, to: site.server.sshPort)
            let ready = try await eventually("the places are taken") {
                let ready = try await site.server.get("/readyz?verbose")
                return ready.status == 503 ? ready : nil
            }
            #expect(ready.body.contains("[-]slots failed: login places 5 of 5 taken"), "\(ready)")
            #expect(ready.body.contains("[+]ssh ok"), "its own dials need no place: \(ready)")
            let report = try JSONTree(parsing: try await site.server.get("/status.json").body)
            #expect(report["headline"]?.string?.hasPrefix("New connections are refused: login places 5 of 5") == true)
            #expect(report["tone"]?.string == "bad")
            #expect(try await site.server.get("/livez").body == "ok")
            // Who comes from where the others come from is turned away.
            flood.open(3, to: site.server.sshPort)
            let line = try await site.server.logLine("connection refused")
            #expect(line["reason"] == "too many connections that have not logged in", "\(line)")
            let metrics = Metrics(try await site.server.get("/metrics").body)
            #expect(metrics["slipway_ssh_login_places_limit"] == 5)
            #expect((metrics["slipway_ssh_refused_connections_total{cause=\"unauthenticated\"}"] ?? 0) > 0)
            #expect(metrics["slipway_ready"] == 0)

            // Somebody from elsewhere gets in even now, and who was in stays in.
            var elsewhere = try site.ssh()
            elsewhere.host = "::1"
            let pong = try await elsewhere.run("ping")
            #expect(pong.text == "pong", "\(pong)")
            #expect(user.process.ending == nil)

            // In a while those who are there still say nothing, and keep nobody out any more.
            flood.open(1, to: site.server.sshPort)
            try await eventually("the places are taken again") { try await site.server.get("/readyz").status == 503 }
            try await eventually("newcomers get in", within: .seconds(60)) {
                try await site.server.get("/readyz").body == "ok"
            }
            #expect(try await site.ssh().run("ping").text == "pong")
            #expect(Metrics(try await site.server.get("/metrics").body)["slipway_ready"] == 1)
            #expect(user.process.ending == nil)
            flood.end()
        }
    }
}
