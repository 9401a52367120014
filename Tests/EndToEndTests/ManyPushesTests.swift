import Testing

extension EndToEnd {
    @Suite("Many pushes at once")
    struct ManyPushesTests {
        private static let apps = (1...32).map { "app-\($0)" }

        @Test("32 pushes to 32 apps at once all succeed", arguments: ["none", "local"])
        func manyApps(executor: String) async throws {
            let site = try await Site.start("--executor", executor)
            let git = try await site.git(building: "echo \"built $SLIPWAY_APP\"; echo x > \"$SLIPWAY_OUTPUT/x\"")
            let commit = try await git("rev-parse", "HEAD")
            let memory = try PeakMemory(of: site.server)
            let start = ContinuousClock.now
            let pushes = try Self.apps.map { app in (app, try git.startPush(app, "main")) }
            for (app, push) in pushes {
                let result = try await push.result()
                #expect(result.status == 0, "\(app): \(result)")
                if executor == "local" { #expect(result.messages.contains("remote: built \(app)")) }
            }
            let time = ContinuousClock.now - start
            let growth = try memory.growth.inMegabytes
            print("32 pushes to 32 apps, executor \(executor): \(time), server memory +\(growth)")
            for app in Self.apps {
                #expect(try await site.refs(app) == ["refs/heads/main": commit])
                if executor == "local" { #expect(try site.builds(of: app).only.outcome == "succeeded") }
            }
            // The executor's own check starts one now and then.
            try await eventually("no child is left") { HostProcesses.descendants(of: site.server.process.id).isEmpty }
        }

        @Test("16 pushes of different branches to one app at once all succeed, one after the other")
        func oneApp() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git(building: "true")
            let pushes = try (1...16).map { try git.startPush("blog", "main:branch-\($0)") }
            for push in pushes { try await push.result().succeeded() }
            #expect(try await site.refs("blog").count == 16)
        }
    }
}
