import Builds
import ObjectStorage
import Retries
import Synchronization
import TestSupport
import Testing

extension RealBuildTests {
    @Suite struct BuildServiceTests {
        private struct Gone: Error, CustomStringConvertible { let description = "connection reset" }

        /// A client that goes away when it reads a word.
        private struct FickleOutput: BuildOutput {
            let word: String

            func write(_ bytes: [UInt8]) async throws {
                if String(decoding: bytes, as: UTF8.self).contains(word) { throw Gone() }
            }
        }

        @Test("the record of a build says what, for whom, how and how long")
        func record() async throws {
            let fixture = try BuildFixture(script: "echo x > $SLIPWAY_OUTPUT/x; sleep 0.1")
            let report = try await fixture.run()
            let record = try await fixture.record(report.id)
            #expect(record.app == "blog")
            #expect(record.user == "alice")
            #expect(record.ref == "refs/heads/main")
            #expect(record.executor == "local")
            #expect(record.recipe == .script)
            #expect(record.outcome == .succeeded)
            #expect(record.exitCode == 0)
            #expect(record.artifact?.size == report.artifact?.size)
            #expect(record.log?.key == "apps/blog/builds/\(report.id)/log")
            #expect(record.source?.key == "apps/blog/sources/source.tar.gz")
            #expect(try #require(record.phases["build"]) >= 0.1)
            #expect(
                record.startedAt.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(record.startedAt)")
            #expect(record.startedAt < record.finishedAt)
        }

        @Test("a build that runs has a record, which a crash would leave as it is")
        func running() async throws {
            let fixture = try BuildFixture(script: "echo started; while [ ! -e /tmp/go ]; do sleep 0.05; done")
            let request = try await fixture.request()
            let build = Task {
                try await BuildService(store: fixture.store, executor: fixture.executor).run(
                    request, output: fixture.output)
            }
            try await fixture.output.wait(for: "started")
            let json = try await fixture.read(ObjectKey("apps/blog/builds/\(request.id)/build.json"))
            let text = String(decoding: json, as: UTF8.self)
            #expect(text.contains("\"outcome\" : \"running\""))
            #expect(text.contains("\"user\" : \"alice\"") && text.contains("\"startedAt\" : \"20"))
            try HostDirectory.touch(fixture.configuration.workspace + "/\(request.id)/tmp/go")
            #expect(try await build.value.succeeded)
            #expect(try await fixture.record(request.id).outcome == .succeeded)
        }

        @Test("a cancelled build is gone and leaves log and record", .timeLimit(.minutes(5)))
        func cancellation() async throws {
            var fixture = try BuildFixture(script: "echo started; setsid sleep 987.06 & sleep 987.06")
            fixture.configuration.timeout = .seconds(3600)
            let request = try await fixture.request()
            let service = BuildService(store: fixture.store, executor: fixture.executor)
            let build = Task { try await service.run(request, output: fixture.output) }
            try await fixture.output.wait(for: "started")
            // Left alone, it would take 16 minutes.
            build.cancel()
            await #expect(throws: CancellationError.self) { try await build.value }
            #expect(!HostDirectory.hasProcess(with: "987.06"))
            #expect(fixture.leftovers.isEmpty)
            let record = try await fixture.record(request.id)
            #expect(record.outcome == .cancelled)
            #expect(record.phases.keys.sorted() == ["build", "unpack"])
            let log = try await fixture.read(ObjectKey("apps/blog/builds/\(request.id)/log"))
            #expect(String(decoding: log, as: UTF8.self).contains("started"))
        }

        @Test("a build cancelled at any moment leaves nothing behind", arguments: [0, 1, 3, 10, 20, 30, 50, 80])
        func cancellationAtAnyMoment(milliseconds: Int) async throws {
            let fixture = try BuildFixture(script: "sleep 987.07")
            let request = try await fixture.request()
            let service = BuildService(store: fixture.store, executor: fixture.executor)
            let build = Task { try await service.run(request, output: fixture.output) }
            try await Task.sleep(for: .milliseconds(milliseconds))
            build.cancel()
            await #expect(throws: CancellationError.self) { try await build.value }
            #expect(fixture.leftovers.isEmpty)
            #expect(try await fixture.record(request.id).outcome == .cancelled)
        }

        @Test("a client that went away cancels its build")
        func clientGone() async throws {
            let fixture = try BuildFixture(script: "echo started; sleep 987.08")
            let request = try await fixture.request()
            let service = BuildService(store: fixture.store, executor: fixture.executor)
            do {
                _ = try await service.run(request, output: FickleOutput(word: "started"))
                Issue.record("the build ended by itself")
            } catch BuildServiceError.clientGone(let reason) {
                #expect(reason.contains("connection reset"))
            }
            let record = try await fixture.record(request.id)
            #expect(record.outcome == .cancelled)
            #expect(record.reason.contains("client went away"))
        }

        @Test("a build cancelled while its client takes nothing was cancelled, not left by its client")
        func cancelledWrite() async throws {
            let fixture = try BuildFixture(script: "echo started; touch $HOME/started; sleep 987.11")
            let request = try await fixture.request()
            let service = BuildService(store: fixture.store, executor: fixture.executor)
            let build = Task { try await service.run(request, output: StuckOutput()) }
            let home = fixture.configuration.workspace + "/\(request.id)/home"
            try await eventually("the build writes") { HostDirectory.names(home) == ["started"] }
            build.cancel()
            await #expect(throws: CancellationError.self) { try await build.value }
            #expect(try await fixture.record(request.id).reason == "the build was cancelled")
            #expect(fixture.leftovers.isEmpty)
        }

        @Test("a slow client slows the build down instead of filling memory")
        func backPressure() async throws {
            let fixture = try BuildFixture(script: "yes | head -c 20000000; touch $HOME/finished")
            let gate = GatedOutput()
            let service = BuildService(store: fixture.store, executor: fixture.executor)
            let request = try await fixture.request()
            let build = Task { try await service.run(request, output: gate) }
            try await eventually("the gate is closed") { gate.isClosed }
            // Time enough to write 20 MB many times over, if anything took them.
            try await Task.sleep(for: .milliseconds(500))
            let home = fixture.configuration.workspace + "/\(request.id)/home"
            #expect(HostDirectory.names(home) == [])
            gate.open()
            let report = try await build.value
            #expect(report.log.size == Int64(gate.count))
            #expect(gate.count > 20_000_000)
        }

        @Test("an executor that cannot run builds for a moment is tried again, within the budget")
        func unavailable() async throws {
            let fixture = try BuildFixture()
            let request = try await fixture.request()
            let tries = Mutex(0)
            let told = Mutex<[String]>([])
            let retry = Retry(budget: .seconds(20)) { error, _ in
                told.withLock { $0.append("\(error.dependency): \(error.cause)") }
            }
            let service = BuildService(
                store: fixture.store,
                executor: ScriptedExecutor { _ in
                    guard
                        tries.withLock({
                            $0 += 1; return $0
                        }) < 3
                    else { return }
                    throw ExecutorUnavailable(cause: "no room", detail: "")
                })
            let report = try await service.run(request, output: fixture.output, retry: retry)
            #expect(report.succeeded)
            #expect(told.withLock { $0 } == ["the script: no room", "the script: no room"])
        }

        @Test("a source that is missing is the store's error, and recorded")
        func missingSource() async throws {
            let fixture = try BuildFixture(script: "true")
            let request = try await fixture.request()
            try await fixture.store.delete([request.source.key])
            let service = BuildService(store: fixture.store, executor: fixture.executor)
            do {
                _ = try await service.run(request, output: fixture.output)
                Issue.record("there was a source")
            } catch BuildServiceError.storage(let during, _) {
                #expect(during == "building")
            }
            #expect(try await fixture.record(request.id).outcome == .error)
        }

        @Test("an artifact that is too large fails the build and is not stored")
        func largeArtifact() async throws {
            var fixture = try BuildFixture(script: "head -c 2000000 /dev/urandom > $SLIPWAY_OUTPUT/x")
            fixture.configuration.maximumArtifactSize = 1_000_000
            let report = try await fixture.run()
            #expect(report.outcome == .failed)
            #expect(report.reason.contains("$SLIPWAY_OUTPUT"))
            #expect(report.reason.contains("1000000"))
            #expect(report.artifact == nil)
            let key = try ObjectKey("apps/blog/builds/\(report.id)/artifact.tar.gz")
            #expect(try await fixture.store.head(key) == nil)
        }
    }
}
