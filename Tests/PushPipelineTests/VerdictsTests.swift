import Builds
import GitProtocol
import Glibc
import ObjectStorage
import SystemCalls
import Testing

@testable import GitRepository
@testable import PushPipeline

@Suite struct VerdictsTests {
    private static let old = String(repeating: "1", count: 40)
    private static let new = String(repeating: "2", count: 40)

    private func request(_ refs: [String], capabilities: String) throws -> ReceivePackRequest {
        var parser = ReceivePackParser()
        var bytes: [UInt8] = []
        for (index, ref) in refs.enumerated() {
            let end = index == 0 ? "\0\(capabilities)" : ""
            bytes += PacketLineEncoder.line("\(Self.old) \(Self.new) \(ref)\(end)")
        }
        return try #require(try parser.consume(bytes + PacketLineEncoder.flush))
    }

    private func text(_ verdicts: Verdicts, _ request: ReceivePackRequest) -> String {
        String(decoding: verdicts.report(for: request), as: UTF8.self)
    }

    @Test("without atomic, one bad ref does not touch the others")
    func independent() throws {
        let request = try request(["refs/heads/a", "refs/heads/b"], capabilities: "report-status")
        var verdicts = Verdicts(request)
        verdicts.reject(try RefName("refs/heads/a"), reason: "no")
        #expect(verdicts.undecided.map(\.ref.rawValue) == ["refs/heads/b"])
        verdicts.settle([try RefName("refs/heads/b"): .ok])
        #expect(!verdicts.allAccepted)
        #expect(text(verdicts, request).contains("ng refs/heads/a no"))
        #expect(text(verdicts, request).contains("ok refs/heads/b"))
    }

    @Test("a ref that is lost for a fault of the builder is noted as one, whatever becomes of the others")
    func fault() throws {
        let request = try request(["refs/heads/a", "refs/heads/b"], capabilities: "report-status")
        var verdicts = Verdicts(request)
        verdicts.reject(try RefName("refs/heads/a"), for: .pusher("no", reason: "no"))
        #expect(!verdicts.hasFault)
        verdicts.reject(try RefName("refs/heads/a"), for: PushFailure(ObjectStoreError(.noSpace, .put, nil)))
        verdicts.settle([try RefName("refs/heads/b"): .ok])
        #expect(verdicts.hasFault)
        #expect(text(verdicts, request).contains("ng refs/heads/a object storage is down"))
        #expect(text(verdicts, request).contains("ok refs/heads/b"))
    }

    @Test("only what builds alone need lets a push go on without the refs that are built")
    func ofBuilds() throws {
        struct Gone: Error {}
        let storage = ObjectStoreError(.noSpace, .put, nil)
        #expect(Push.isOfBuilds(storage))
        #expect(Push.isOfBuilds(BuildServiceError.storage(during: "building", error: storage)))
        #expect(Push.isOfBuilds(BuildServiceError.executor("no")))
        let disk = SystemCallError(call: "open", code: EIO)
        #expect(!Push.isOfBuilds(RepositoriesUnavailable(disk)))
        #expect(!Push.isOfBuilds(RepositoryError.system("read a tree", code: EIO)))
        #expect(!Push.isOfBuilds(Gone()))
        #expect(!Push.isOfBuilds(CancellationError()))
    }

    @Test("with atomic, one bad ref refuses all")
    func atomic() throws {
        let request = try request(["refs/heads/a", "refs/heads/b"], capabilities: "report-status atomic")
        var verdicts = Verdicts(request)
        verdicts.reject(try RefName("refs/heads/b"), reason: "no")
        #expect(verdicts.undecided.isEmpty)
        #expect(text(verdicts, request).contains("ng refs/heads/a atomic push failed"))
    }

    @Test("a ref name that git does not allow is refused, and an atomic push with it")
    func badName() throws {
        let names = ["refs/heads/a", "refs/heads/b..c"]
        let request = try request(names, capabilities: "report-status")
        var verdicts = Verdicts(request)
        #expect(verdicts.undecided.map(\.ref.rawValue) == ["refs/heads/a"])
        verdicts.settle([try RefName("refs/heads/a"): .ok])
        #expect(!verdicts.allAccepted)
        #expect(text(verdicts, request).contains("ng refs/heads/b..c "))
        #expect(Verdicts(try self.request(names, capabilities: "report-status atomic")).undecided.isEmpty)
    }

    @Test("a pack that could not be taken in is reported as git does")
    func unpackFailure() throws {
        let request = try request(["refs/heads/a"], capabilities: "report-status-v2")
        var verdicts = Verdicts(request)
        verdicts.rejectUndecided(
            PushFailure(text: "", reason: "the pack is damaged", detail: "", blame: .pusher, isUnpackFailure: true))
        #expect(text(verdicts, request).contains("unpack the pack is damaged"))
        #expect(text(verdicts, request).contains("ng refs/heads/a unpacker error"))
    }

    @Test("after a failure, what has changed is not called unchanged")
    func aftermath() throws {
        let request = try request(["refs/heads/a", "refs/heads/b"], capabilities: "report-status")
        var verdicts = Verdicts(request)
        #expect(verdicts.aftermath == "Nothing was changed.")
        verdicts.settle([try RefName("refs/heads/a"): .ok])
        #expect(verdicts.aftermath != "Nothing was changed.")
    }

    @Test("a client that asked for no report gets none")
    func noReport() throws {
        let request = try request(["refs/heads/a"], capabilities: "side-band-64k")
        #expect(Verdicts(request).report(for: request).isEmpty)
    }
}
