import Glibc
import Testing

@testable import Builds

extension RealBuildTests {
    /// What the gate is told before a push is taken.
    @Suite struct ExecutorUnavailableTests {
        private func problem(
            _ change: (inout LocalExecutorConfiguration) throws -> Void
        ) async throws -> ExecutorUnavailable {
            var fixture = try BuildFixture()
            try change(&fixture.configuration)
            let executor = fixture.executor
            let error = await #expect(throws: ExecutorUnavailable.self) { try await executor.availability() }
            return try #require(error)
        }

        @Test(
            "an executor that can build says so, and leaves nothing",
            arguments: LocalExecutorConfiguration.Sandbox.allCases)
        func available(sandbox: LocalExecutorConfiguration.Sandbox) async throws {
            var fixture = try BuildFixture()
            fixture.configuration.sandbox = sandbox
            try await fixture.executor.availability()
            #expect(fixture.leftovers.isEmpty)
        }

        @Test("a full disk is told in words for pushers, and in numbers for the log")
        func disk() async throws {
            let error = try await problem { $0.minimumFreeSpace = 1 << 60 }
            #expect(error.cause == "its disk has too little room")
            let words = /\d+ MiB of \d+ MiB are free; a build starts only with \S+ \S+ and 2 % free/
            #expect(error.detail.wholeMatch(of: words) != nil, "\(error.detail)")
            #expect(error.mayPass)
            #expect(error.description == "\(error.cause): \(error.detail)")
        }

        @Test("settings that do not go together are told, with what to set in the log only")
        func settings() async throws {
            let error = try await problem {
                $0.sandbox = .none
                $0.network = .none
            }
            #expect(error.cause == "its settings do not go together")
            #expect(error.detail.contains("local.sandbox = bubblewrap"))
        }

        @Test("a folder that cannot be used is told without its place, which the log has")
        func folder() async throws {
            var path = ""
            let error = try await problem {
                path = $0.workspace
                try HostDirectory.touch(path)
            }
            #expect(error.cause == "its folder for builds cannot be used")
            #expect(error.detail.contains(path))
        }

        @Test("a folder that builds cannot get to is told", .enabled(if: geteuid() == 0))
        func unreachable() async throws {
            let error = try await problem {
                let closed = $0.workspace + "-closed"
                try HostDirectory.make(closed, mode: 0o700)
                $0.workspace = closed + "/builds"
            }
            #expect(error.cause == "builds cannot get to its folder")
            #expect(error.detail.contains("chmod o+x"))
        }

        @Test(
            "no cause names a place or a command",
            arguments: [
                LocalSandboxError.bubblewrapMissing, .bubblewrapUnusable("bwrap: /proc/1: no"), .toolMissing("prlimit"),
                .unreachable(path: "/srv/data", uid: 7), .networkNeedsSandbox,
            ])
        func causes(error: LocalSandboxError) {
            #expect(!error.cause.isEmpty)
            #expect(!error.cause.contains("/") && !error.cause.contains("\""))
            #expect(error.description != error.cause)
        }
    }
}
