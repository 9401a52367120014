import Testing

extension ClusterTests {
    @Suite("A server that ends in the middle of a build")
    struct OrphanTests {
        /// How a server ends without a word.
        enum Ending: String, CaseIterable, Sendable, CustomTestStringConvertible {
            case killed
            case podDeleted = "pod-deleted"

            var testDescription: String { rawValue }
        }

        @Test(
            "its Job is found and deleted, the record says so, and the same commit builds once",
            arguments: Ending.allCases)
        func orphan(_ ending: Ending) async throws {
            let site = try await Installation.ready()
            let kubectl = Installation.kubectl
            let app = site.app("orphan-\(ending.rawValue)")
            let git = try await site.git(app, building: "echo here; \(GitClient.waitForLeave); echo done")
            let commit = try await git("rev-parse", "HEAD")
            let server = try await site.pod()
            let push = try git.startPush(app, "main")
            try await push.isTold("remote: here")
            let job = try #require(try await site.builds.jobs(of: app).first)
            let start = ContinuousClock.now
            switch ending {
            case .killed: try await site.signal("KILL")
            case .podDeleted: try await kubectl("delete", "pod", server.name, "--force", "--grace-period=0")
            }
            #expect(try await push.result(within: .seconds(90)).status != 0)
            try await site.builds.kubectl.eventually("the orphan is gone", within: .seconds(120)) {
                try await site.builds.jobs(of: app).allSatisfy { $0.uid != job.uid }
            }
            print("\(ending): the orphaned Job is gone after \(ContinuousClock.now - start)")
            try await site.isWell()
            #expect(try await git.remoteMain(app) == nil)
            let store = try await site.store()
            try await kubectl.eventually("the record says so") {
                let records = try await store.records(of: app)
                return records.count == 1 && records[0].outcome != "running"
            }
            let record = try await store.record(of: app)
            #expect(record.outcome == "error" && record.reason == "the server ended while it ran", "\(record)")

            let again = try git.startPush(app, "main")
            try await again.isTold("remote: here")
            #expect(try await site.builds.jobs(of: app).count == 1)
            try await site.builds.giveLeave(app)
            try await again.result(within: .seconds(60)).accepted()
            #expect(try await git.remoteMain(app) == commit)
            #expect(try await store.records(of: app).map(\.outcome) == [record.outcome, "succeeded"])
        }
    }
}
