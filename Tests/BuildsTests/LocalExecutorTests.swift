import Builds
import Identifiers
import ObjectStorage
import Testing

extension RealBuildTests {
    @Suite struct LocalExecutorTests {
        @Test("a script builds in its source with its own environment, and what it leaves is the artifact")
        func success() async throws {
            var fixture = try BuildFixture(
                script: """
                    echo "hello from $SLIPWAY_APP at $SLIPWAY_REF"
                    printf 'raw \\377 bytes' >&2
                    cp input.txt "$SLIPWAY_OUTPUT/result.txt"
                    [ "$PWD" = "$SLIPWAY_SOURCE" ] && touch "$HOME/x" /tmp/x /var/tmp/y changed
                    """)
            fixture.files.append(("input.txt", "42", false))
            let report = try await fixture.run()
            #expect(report.outcome == .succeeded)
            #expect(report.exitCode == 0)
            #expect(report.reason == ".slipway/build succeeded")
            #expect(fixture.output.text.contains("-----> Running .slipway/build\nhello from blog at refs/heads/main\n"))
            #expect(fixture.output.text.contains("bytes\n-----> Storing the artifact\n"))
            let artifact = try #require(report.artifact)
            #expect(artifact.key.description == "apps/blog/builds/\(report.id)/artifact.tar.gz")
            #expect(try await fixture.read(artifact.key).count == Int(artifact.size))
            #expect(report.phases.map(\.phase) == [.unpack, .build, .artifact])
            #expect(fixture.leftovers.isEmpty)
        }

        @Test("output keeps its order, its bytes and its lack of lines")
        func output() async throws {
            let fixture = try BuildFixture(
                script: "for i in $(seq 200); do echo -n \"o$i\"; echo -n \"e$i\" >&2; done; head -c 300000 /dev/zero")
            let report = try await fixture.run()
            let log = try await fixture.read(report.log.key)
            let expected = (1...200).map { "o\($0)e\($0)" }.joined()
            #expect(String(decoding: log, as: UTF8.self).contains(expected))
            #expect(log.count { $0 == 0 } == 300_000)
            #expect(Array(fixture.output.text.utf8) == log)
        }

        @Test(
            "a failure is reported with its exit code and words",
            arguments: [
                ("exit 3", .failed, 3, ".slipway/build ended with exit code 3"),
                ("nonsense-command", .failed, 127, "a command was not found"),
                ("exec ./input.txt", .failed, 126, "is it executable"),
                ("kill -9 $$", .signalled, nil, "was killed by signal 9 (SIGKILL)"),
                ("kill -SEGV $$", .signalled, nil, "was killed by signal 11 (SIGSEGV)"),
            ] as [(String, BuildOutcome, Int32?, String)])
        func failure(script: String, outcome: BuildOutcome, exitCode: Int32?, words: String) async throws {
            var fixture = try BuildFixture(script: "touch $SLIPWAY_OUTPUT/x\n" + script)
            fixture.files.append(("input.txt", "42", false))
            let report = try await fixture.run()
            #expect(report.outcome == outcome)
            #expect(report.exitCode == exitCode)
            #expect(report.reason.contains(words))
            #expect(report.artifact == nil)
            #expect(fixture.leftovers.isEmpty)
        }

        @Test("a script that is not executable, or that is missing, says so")
        func unusableScript() async throws {
            var fixture = try BuildFixture()
            fixture.files = [(".slipway/build", "#!/bin/sh\n", false)]
            let report = try await fixture.run()
            #expect(report.exitCode == 126)
            #expect(fixture.output.text.contains("Permission denied"))
            fixture.files = [("README", "", false)]
            #expect(try await fixture.run().exitCode == 127)
        }

        @Test("a Makefile is built with make, and no artifact is said to be none")
        func makefile() async throws {
            var fixture = try BuildFixture()
            fixture.files = [("Makefile", "all:\n\t@echo made by make\n", false)]
            let report = try await fixture.run(.makefile)
            #expect(report.outcome == .succeeded)
            #expect(report.artifact == nil)
            #expect(fixture.output.text.contains("-----> Running make\nmade by make\n"))
            #expect(fixture.output.text.contains("nothing in $SLIPWAY_OUTPUT, so there is no artifact"))
        }

        @Test("a build that hangs is ended at the time limit with all its processes", .timeLimit(.minutes(5)))
        func timeout() async throws {
            var fixture = try BuildFixture(script: "echo started; sleep 987.01 & setsid sleep 987.01 & sleep 987.01")
            fixture.configuration.timeout = .seconds(3)
            let report = try await fixture.run()
            #expect(report.outcome == .timedOut)
            #expect(report.reason.contains("was ended after 3.0 seconds"))
            #expect(fixture.output.text.contains("started"))
            #expect(!HostDirectory.hasProcess(with: "987.01"))
        }

        @Test("daemons that a script leaves behind neither hold the build up nor outlive it", .timeLimit(.minutes(5)))
        func daemons() async throws {
            let fixture = try BuildFixture(
                script: """
                    setsid nohup sleep 987.02 & (setsid sh -c 'trap "" TERM HUP; while :; do echo noise; done' &)
                    sleep 0.2; echo done
                    """)
            let report = try await fixture.run()
            #expect(report.outcome == .succeeded)
            #expect(!HostDirectory.hasProcess(with: "987.02"))
            #expect(fixture.leftovers.isEmpty)
        }

        @Test("200 MB of output pass in constant memory", .timeLimit(.minutes(10)))
        func flood() async {
            // In a process of its own: others take memory, too.
            await #expect(processExitsWith: .success) {
                let size = 200 << 20
                let fixture = try BuildFixture(script: "head -c \(size) /dev/zero")
                let output = CountedOutput()
                // The first build pays for what stays: threads, buffers, caches.
                _ = try await BuildFixture(script: "head -c 20000000 /dev/zero").run()
                let before = HostDirectory.residentBytes
                let service = BuildService(store: fixture.store, executor: fixture.executor)
                let report = try await service.run(fixture.request(), output: output)
                #expect(report.outcome == .succeeded)
                #expect(output.count >= size)
                #expect(report.log.size == Int64(output.count))
                #expect(output.mostResidentBytes - before < 32 << 20)
            }
        }

        @Test("a build that writes more output than it may is ended, and keeps what fits")
        func logLimit() async throws {
            var fixture = try BuildFixture(script: "yes")
            fixture.configuration.maximumLogSize = 1_000_000
            let report = try await fixture.run()
            #expect(report.outcome == .logTooLarge)
            #expect(report.reason.contains("more than 1000000 bytes"))
            #expect((1_000_000..<1_000_200).contains(report.log.size))
        }

        @Test("more builds than slots wait and are told so")
        func slots() async throws {
            var fixture = try BuildFixture(
                script: "echo started; while [ ! -e $SLIPWAY_SOURCE/../tmp/go ]; do sleep 0.05; done")
            fixture.configuration.maximumConcurrentBuilds = 1
            let executor = fixture.executor
            let service = BuildService(store: fixture.store, executor: executor)
            let (first, second) = (try await fixture.request(), try await fixture.request())
            let (firstOutput, secondOutput) = (CollectedOutput(), CollectedOutput())
            let firstBuild = Task { try await service.run(first, output: firstOutput) }
            try await firstOutput.wait(for: "started")
            let secondBuild = Task { try await service.run(second, output: secondOutput) }
            try await secondOutput.wait(for: "Waiting: as many builds run as this server allows (1); it is next")
            for (request, build) in [(first, firstBuild), (second, secondBuild)] {
                let output = request.id == first.id ? firstOutput : secondOutput
                try await output.wait(for: "started")
                try HostDirectory.touch(fixture.configuration.workspace + "/\(request.id)/tmp/go")
                #expect(try await build.value.outcome == .succeeded)
            }
        }

        @Test("what a crash left is removed at the start, and nothing else")
        func leftovers() async throws {
            let fixture = try BuildFixture()
            let workspace = fixture.configuration.workspace
            let stale = workspace + "/" + PushID.generate().rawValue
            for path in [workspace, stale, stale + "/source", workspace + "/precious"] {
                try HostDirectory.make(path)
            }
            try await fixture.executor.prepare()
            #expect(fixture.leftovers == ["precious"])
        }
    }
}
