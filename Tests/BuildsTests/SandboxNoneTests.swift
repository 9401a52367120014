import Builds
import Testing

extension RealBuildTests {
    /// What holds even when the operator turned the sandbox off.
    @Suite struct SandboxNoneTests {
        private func fixture(_ script: String) throws -> BuildFixture {
            var fixture = try BuildFixture(script: script)
            fixture.configuration.sandbox = .none
            return fixture
        }

        @Test("a script builds, with its own environment only")
        func success() async throws {
            let fixture = try fixture("env; echo x > $SLIPWAY_OUTPUT/x")
            let report = try await fixture.run()
            #expect(report.outcome == .succeeded)
            #expect(report.artifact != nil)
            #expect(!fixture.output.text.contains("SWIFT"))
            #expect(fixture.leftovers.isEmpty)
        }

        @Test(
            "daemons in sessions of their own are found and ended, and do not hold the build up",
            .timeLimit(.minutes(5)))
        func daemons() async throws {
            let fixture = try fixture(
                """
                sleep 987.04 & setsid nohup sleep 987.04 &
                (setsid sh -c 'trap "" TERM HUP; while :; do echo 987.04; done' 987.04 &)
                sleep 0.2
                """)
            #expect(try await fixture.run().outcome == .succeeded)
            #expect(!HostDirectory.hasProcess(with: "987.04"))
        }

        @Test("time limit and cancellation end all processes")
        func ends() async throws {
            var fixture = try fixture("setsid sleep 987.05 & echo started; sleep 987.05")
            fixture.configuration.timeout = .milliseconds(500)
            #expect(try await fixture.run().outcome == .timedOut)
            #expect(!HostDirectory.hasProcess(with: "987.05"))
            fixture.configuration.timeout = .seconds(60)
            let (again, output) = (fixture, CollectedOutput())
            let build = Task {
                try await BuildService(store: again.store, executor: again.executor).run(
                    again.request(), output: output)
            }
            try await output.wait(for: "started")
            build.cancel()
            await #expect(throws: CancellationError.self) { try await build.value }
            #expect(!HostDirectory.hasProcess(with: "987.05"))
        }

        @Test("taking away the network without a sandbox is refused, not ignored")
        func network() async throws {
            var fixture = try fixture("true")
            fixture.configuration.network = .none
            _ = try await fixture.refusal("its settings do not go together")
        }
    }
}
