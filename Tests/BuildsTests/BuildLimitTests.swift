import NIOPosix
import ObjectStorage
import Testing

@testable import Builds

extension RealBuildTests {
    /// What a build may take from the server, and that the server goes on without it.
    @Suite struct BuildLimitTests {
        @Test("two artifacts are stored at once where store and executor share one thread", .timeLimit(.minutes(5)))
        func oneThread() async throws {
            let pool = NIOThreadPool(numberOfThreads: 1)
            pool.start()
            let size = 3_000_000
            var fixture = try BuildFixture(
                script: "head -c \(size) /dev/urandom > $SLIPWAY_OUTPUT/x; truncate -s 100M $SLIPWAY_OUTPUT/zeros",
                pool: pool)
            fixture.configuration.maximumConcurrentBuilds = 2
            let (executor, store) = (fixture.executor, fixture.store)
            let requests = [try await fixture.request(), try await fixture.request()]
            try await withThrowingTaskGroup(of: BuildReport.self) { group in
                for request in requests {
                    group.addTask {
                        try await BuildService(store: store, executor: executor).run(request, output: CollectedOutput())
                    }
                }
                for try await report in group {
                    #expect(report.outcome == .succeeded)
                    #expect(try #require(report.artifact?.size) > Int64(size))
                }
            }
            try await pool.shutdownGracefully()
        }

        @Test(
            "a client that reads nothing keeps no build alive, no slot and no directory", .timeLimit(.minutes(5)),
            arguments: [false, true])
        func stuckClient(isFlood: Bool) async throws {
            var fixture = try BuildFixture(script: "echo started; \(isFlood ? "yes" : "sleep 987.09")")
            fixture.configuration.timeout = isFlood ? .seconds(60) : .milliseconds(700)
            fixture.configuration.maximumLogSize = isFlood ? 1 : 1 << 30
            fixture.configuration.maximumConcurrentBuilds = 1
            let executor = fixture.executor
            let service = BuildService(store: fixture.store, executor: executor)
            let report = try await service.run(fixture.request(), output: StuckOutput())
            #expect(report.outcome == (isFlood ? .logTooLarge : .timedOut))
            #expect(try await fixture.record(report.id).outcome == report.outcome)
            #expect(!HostDirectory.hasProcess(with: "987.09"))
            #expect(fixture.leftovers.isEmpty)
            try await executor.slots.withSlot(onWait: { _ in Issue.record("the slot is not free") }) {}
        }

        @Test(
            "the kernel takes builds first when memory runs out", arguments: LocalExecutorConfiguration.Sandbox.allCases
        )
        func outOfMemoryScore(sandbox: LocalExecutorConfiguration.Sandbox) async throws {
            var fixture = try BuildFixture(script: "echo score=$(cat /proc/self/oom_score_adj) data=$(ulimit -d)")
            fixture.configuration.sandbox = sandbox
            _ = try await fixture.run()
            #expect(fixture.output.text.contains("score=1000 data=unlimited"))
        }

        @Test("a process of a build gets no more memory than the limit")
        func memory() async throws {
            var fixture = try BuildFixture(
                script: "ulimit -d; head -c 200M /dev/zero | tail -c 150M > /dev/null || echo refused")
            fixture.configuration.maximumMemory = 64 << 20
            _ = try await fixture.run()
            #expect(fixture.output.text.contains("\n65536\n"))
            #expect(fixture.output.text.contains("refused"))
        }

        @Test("a build that takes more disk than it may is ended and told so", .timeLimit(.minutes(5)))
        func disk() async throws {
            var fixture = try BuildFixture(
                script: """
                    # The whole disk is looked at, and others may give back in the meantime what one round takes.
                    sleep 987.10 & while :; do head -c 100M /dev/zero > $HOME/$((i = (i + 1) % 8)); sleep 0.3; done
                    """)
            fixture.configuration.maximumDisk = 64 << 20
            let report = try await fixture.run()
            #expect(report.outcome == .failed)
            #expect(report.exitCode == nil)
            #expect(report.reason.contains("the build used more than 64 MiB of disk"))
            #expect(!HostDirectory.hasProcess(with: "987.10"))
            #expect(fixture.leftovers.isEmpty)
        }

        @Test("no build starts on a disk that is nearly full")
        func fullDisk() async throws {
            var fixture = try BuildFixture(script: "true")
            fixture.configuration.minimumFreeSpace = 1 << 60
            _ = try await fixture.refusal("its disk has too little room")
        }

        @Test("a build cannot make user namespaces, in which it would get at more of the kernel")
        func userNamespaces() async throws {
            let fixture = try BuildFixture(script: "unshare --user --map-root-user echo nested; echo over")
            _ = try await fixture.run()
            #expect(fixture.output.text.contains("over"))
            #expect(!fixture.output.text.contains("nested"))
        }
    }
}
