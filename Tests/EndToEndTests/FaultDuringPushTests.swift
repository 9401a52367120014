import FoundationEssentials
import Glibc
import Testing

extension EndToEnd {
    /// What the gate cannot see: it comes after it.
    @Suite("Faults that come during a push")
    struct FaultDuringPushTests {
        private static let store: [DiskFault] = [.readOnly, .full, .hung].map {
            DiskFault(place: .store, failure: $0)
        }

        /// For faults that pass: a busy machine may be slow to mend them.
        private static let patient = ["--push-retry", "120s"]

        @Test("object storage that fails for a moment during a push is tried again, and the push succeeds")
        func moment() async throws {
            async let packs: Void = FaultySite.withEach(Self.store, flags: Self.patient, Self.momentDuringPack)
            async let builds: Void = FaultySite.withEach(Self.store, flags: Self.patient, Self.momentDuringBuild)
            _ = await (packs, builds)
        }

        @Sendable
        private static func momentDuringPack(_ faulty: FaultySite) async throws {
            let (site, fault) = (faulty.site, faulty.fault)
            let git = try await site.git(building: "echo built")
            try await git.commitNoise(megabytes: 2)
            let leave = site.directory("leave")
            let push = try git.pausing(after: 500_000, until: leave).startPush("blog", "main")
            try await eventually("\(fault): some of the pack is there") { site.quarantinedBytes("blog") > 100_000 }
            try await faulty.disk.fail()
            try site.directory.write("leave", "")
            try await isRetried(push, at: faulty)
            try await faulty.disk.mend()
            try await succeeds(push, of: git, at: faulty)
        }

        @Sendable
        private static func momentDuringBuild(_ faulty: FaultySite) async throws {
            let (git, push) = try await pushThatBuilds(at: faulty)
            try await faulty.disk.fail()
            try faulty.site.giveLeave()
            try await isRetried(push, at: faulty)
            try await faulty.disk.mend()
            try await succeeds(push, of: git, at: faulty)
            let record = try faulty.site.builds(of: "blog").only
            #expect(record.artifact != nil && record.log != nil, "\(faulty.fault): \(record)")
        }

        @Test("object storage that stays away during a push: refused in these words in bounded time, nothing half-done")
        func longDuringBuild() async throws {
            await FaultySite.withEach(Self.store, flags: ["--push-retry", "2s"]) { faulty in
                let (site, fault) = (faulty.site, faulty.fault)
                let (git, running) = try await Self.pushThatBuilds(at: faulty)
                let probes = ProbeWatch(site.server)
                try await faulty.disk.fail()
                let start = ContinuousClock.now
                try site.giveLeave()
                let push = try await running.result(within: .seconds(60))
                print("\(fault) during a build: the push ended after \(ContinuousClock.now - start)")
                #expect(push.status == 1, "\(fault): \(push)")
                #expect(push.messages.contains("; trying again for "), "\(fault): \(push)")
                let causes = fault.failure == .hung ? ["no answer in time"] : fault.causes
                #expect(
                    causes.contains { push.messages.contains("Object storage is down: \($0).") }, "\(fault): \(push)")
                #expect(push.messages.contains("Nothing was changed."), "\(fault): \(push)")
                let rejection = "! [remote rejected] main -> main (object storage is down)"
                #expect(push.messages.contains(rejection), "\(fault): \(push)")
                #expect(!push.messages.contains(site.directory.path), "\(fault): \(push)")
                #expect(try await site.refs("blog").isEmpty, "\(fault)")
                try await site.isQuiet("blog")

                try await faulty.mend()
                try git.writeBuild("echo built now; echo kept > \"$SLIPWAY_OUTPUT/file\"")
                try await git.commit("At once")
                let again = try await git.push("blog", "main")
                #expect(again.status == 0 && !again.messages.contains("Waiting for a push"), "\(fault): \(again)")
                let builds = site.builds(of: "blog")
                #expect(builds.records.last?.outcome == "succeeded", "\(fault): \(builds.records)")
                let lost = try HostFile.paths(below: builds.path("apps/blog/builds/\(builds.ids[0])"))
                #expect(!lost.contains("artifact.tar.gz"), "\(fault): \(lost)")
                #expect(probes.failures.isEmpty, "\(fault): \(probes.failures)")
                // What was given up while it hung may end a moment after its recovery.
                try? await eventually("nothing lies about", within: .seconds(10)) {
                    try faulty.leftoversOfStore.isEmpty
                }
                let leftovers = try faulty.leftoversOfStore
                #expect(leftovers.isEmpty, "\(fault): \(leftovers)")
            }
        }

        @Test("a repositories' disk that fills up while the pack is sent: refused as full, nothing half-done")
        func repositoriesDuringPack() async throws {
            await FaultySite.withEach([DiskFault(place: .repositories, failure: .full)]) { faulty in
                let site = faulty.site
                let git = try await site.git(building: "echo built")
                try await git.commitNoise(megabytes: 2)
                let leave = site.directory("leave")
                let running = try git.pausing(after: 500_000, until: leave).startPush("blog", "main")
                try await eventually("some of the pack is there") { site.quarantinedBytes("blog") > 100_000 }
                try await faulty.disk.fail()
                try site.directory.write("leave", "")
                let push = try await running.result()
                #expect(push.status == 1, "\(push)")
                #expect(push.messages.contains("The repositories' disk is down: no space is left."), "\(push)")
                #expect(push.messages.contains("! [remote rejected] main -> main ("), "\(push)")
                #expect(!push.messages.contains(site.directory.path), "\(push)")
                try await site.isQuiet("blog")
                #expect(try await site.refs("blog").isEmpty)

                try await faulty.disk.mend()
                try await git.push("blog", "main").succeeded()
                #expect(try await site.refs("blog").count == 1)
            }
        }

        @Test(
            "a disk of builds or of repositories that fails for a moment: the phase that needs it waits, and says so")
        func momentOnDisks() async throws {
            await FaultySite.withEach(
                [DiskFault(place: .workspaces, failure: .full)], flags: Self.patient, Self.momentDuringPack)
            // Not read-only: what a push holds open for writing does not let it be mounted so.
            await FaultySite.withEach(
                [DiskFault(place: .repositories, failure: .full)], flags: Self.patient, Self.momentDuringBuild)
        }

        @Test("a disk of builds that stays full: the push is refused in the gate's words, and nothing has changed")
        func longOnDiskOfBuilds() async throws {
            await FaultySite.withEach(
                [DiskFault(place: .workspaces, failure: .full)], flags: ["--push-retry", "2s"]
            ) { faulty in
                let site = faulty.site
                let git = try await site.git(building: "echo built")
                try await git.commitNoise(megabytes: 2)
                let leave = site.directory("leave")
                let running = try git.pausing(after: 500_000, until: leave).startPush("blog", "main")
                try await eventually("some of the pack is there") { site.quarantinedBytes("blog") > 100_000 }
                try await faulty.disk.fail()
                try site.directory.write("leave", "")
                let push = try await running.result()
                #expect(push.status == 1, "\(push)")
                #expect(push.messages.contains("the build executor does not work: its disk has too little room;"))
                #expect(push.messages.contains("The build executor is down: its disk has too little room."), "\(push)")
                #expect(push.messages.contains("! [remote rejected] main -> main (the build executor is down)"))
                #expect(site.builds(of: "blog").records.map(\.outcome) == ["refused"])
                try await faulty.disk.mend()
                try await site.isQuiet("blog")
                #expect(try await site.refs("blog").isEmpty)
            }
        }

        /// A push whose build has begun and waits for leave.
        private static func pushThatBuilds(
            at faulty: FaultySite
        ) async throws -> (git: GitClient, push: RunningCommand) {
            let script = "echo started\n\(GitClient.waitForLeave)\necho went on\necho kept > \"$SLIPWAY_OUTPUT/file\""
            let git = try await faulty.site.git(building: script)
            let push = try git.startPush("blog", "main")
            try await push.says("remote: started")
            return (git, push)
        }

        private static func isRetried(_ push: RunningCommand, at faulty: FaultySite) async throws {
            try await eventually("\(faulty.fault): it is tried again\n\(push.messages)") {
                if let ending = push.process.ending { throw Failed("\(ending): \(push.messages)") }
                // What the server frees would be room again.
                if faulty.fault.failure == .full { try await faulty.disk.fail() }
                return push.messages.contains("; trying again for ")
            }
        }

        private static func succeeds(
            _ running: RunningCommand, of git: GitClient, at faulty: FaultySite
        ) async throws {
            let (site, fault) = (faulty.site, faulty.fault)
            let push = try await running.result()
            #expect(push.status == 0, "\(fault): \(push)")
            let commit = try await git("rev-parse", "HEAD")
            #expect(try await site.refs("blog") == ["refs/heads/main": commit], "\(fault)")
            try await site.isQuiet("blog")
            #expect(site.builds(of: "blog").records.map(\.outcome) == ["succeeded"], "\(fault)")
            let retries = try await site.server.metrics()["slipway_push_retries_total"] ?? 0
            #expect(retries >= 1, "\(fault)")
            #expect(site.server.log.contains { $0.message == "what a push needs failed; trying again" }, "\(fault)")
        }
    }
}
