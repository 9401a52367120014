import Archive
import Identifiers
import ObjectStorage
import SystemCalls
import Testing

@testable import Builds

extension RealBuildTests {
    /// Whose fault it is that a tree cannot be unpacked.
    @Suite struct SourceFaultTests {
        @Test(
            "a tree that cannot be unpacked is a failed build, with what to mend",
            arguments: [
                (String(repeating: "n", count: 256), "longer than the disk takes"),
                ("../outside", "it has a \"..\" component"),
            ])
        func content(path: String, words: String) async throws {
            var fixture = try BuildFixture(script: "true")
            fixture.files.append((path, "", false))
            let report = try await fixture.run()
            #expect(report.outcome == .failed)
            #expect(report.reason.contains("the pushed tree cannot be unpacked here"))
            #expect(report.reason.contains(words))
            #expect(try await fixture.record(report.id).outcome == .failed)
            #expect(fixture.leftovers.isEmpty)
        }

        @Test("a source that was damaged in the store is not the pusher's fault")
        func damage() async throws {
            let fixture = try BuildFixture(script: "true")
            let request = try await fixture.request()
            try await fixture.store.put(request.source.key, bytes: Array("no archive".utf8))
            let service = BuildService(store: fixture.store, executor: fixture.executor)
            do {
                _ = try await service.run(request, output: fixture.output)
                Issue.record("it was unpacked")
            } catch BuildServiceError.executor(let reason) {
                #expect(reason.contains("gzip"))
            }
            #expect(try await fixture.record(request.id).outcome == .error)
        }

        @Test("a full or broken disk is the builder's")
        func machine() {
            let broken = SystemCallError(call: "write", code: 5)
            for error in [ArchiveError.noSpace("x"), .system(broken, path: "x")] {
                #expect(BuildSourceError(error) == nil)
            }
            #expect(BuildSourceError(CancellationError()) == nil)
            #expect(BuildSourceError(TarError.badChecksum) == nil)
            #expect(BuildSourceError(TarError.unsupportedType(0x33, path: "x")) != nil)
        }
    }
}
