import Testing

extension ClusterTests {
    @Suite("Many builds")
    struct ManyBuildsTests {
        @Test("50 builds of 50 apps at once all succeed, each in a Job of its own")
        func fifty() async throws {
            let site = try await Installation.ready()
            let apps = (1...50).map { site.app("many-\($0)") }
            let git = try await site.git(
                "many", building: "echo \"built $SLIPWAY_APP\"; echo \"$SLIPWAY_APP\" >\"$SLIPWAY_OUTPUT/name\"")
            let commit = try await git("rev-parse", "HEAD")
            let start = ContinuousClock.now
            let pushes = try apps.map { app in (app, try git.startPush(app, "main")) }
            var jobs: Set<String> = []
            var most = 0
            try await site.builds.kubectl.eventually("all pushes have ended", within: .seconds(600)) {
                let seen = try await site.builds.kubectl.list("jobs", "slipway.dev/build")
                for job in seen where apps.contains(job["metadata", "labels", "slipway.dev/app"]?.string ?? "") {
                    jobs.insert(job.name)
                }
                most = max(most, seen.count { $0["status", "active"]?.number == 1 })
                return pushes.allSatisfy { $0.1.process.ending != nil }
            }
            let time = ContinuousClock.now - start
            let store = try await site.store()
            for (app, push) in pushes {
                let result = try await push.result()
                #expect(result.status == 0 && result.told.contains("built \(app)"), "\(app): \(result)")
                let record = try await store.record(of: app)
                #expect(record.outcome == "succeeded" && record.commit == commit && record.artifact != nil, "\(record)")
            }
            print("50 builds at once: \(time), at most \(most) Jobs active")
            #expect(jobs.count == 50 && Set(jobs.map { $0.dropLast(27) }).count == 50)
            #expect(most > 25)
        }
    }
}
