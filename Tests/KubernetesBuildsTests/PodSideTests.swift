import Archive
import Builds
import Crypto
import Glibc
import Kubernetes
import NIOPosix
import ObjectStorage
import TestSupport
import Testing

@testable import KubernetesBuilds

/// What runs in a build's pod besides the build, against a server of objects.
@Suite("Slipway's own containers in a pod", .timeLimit(.minutes(2)))
struct PodSideTests {
    private static var limits: TransferLimits {
        var limits = TransferLimits()
        limits.patience = .seconds(2)
        limits.firstPause = .milliseconds(20)
        limits.longestPause = .milliseconds(100)
        return limits
    }

    private func sha256(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func fetch(
        _ url: String, _ digest: String, _ workspace: TemporaryDirectory, limits: TransferLimits = limits
    ) async throws -> (code: Int32, message: String) {
        try workspace.write("", to: "log")
        let code = await SourceFetch(
            environment: ["SLIPWAY_SOURCE_URL": url, "SLIPWAY_SOURCE_SHA256": digest], workspace: workspace.path,
            limits: limits
        ).run(terminationLog: workspace("log"))
        return (code, try workspace.read("log"))
    }

    private func upload(
        _ url: String, _ workspace: TemporaryDirectory, maximum: Int64 = 1 << 30
    ) async throws -> (code: Int32, message: String) {
        try workspace.write("", to: "log")
        let code = await ArtifactUpload(
            environment: ["SLIPWAY_ARTIFACT_URL": url, "SLIPWAY_MAX_ARTIFACT_SIZE": "\(maximum)"],
            workspace: workspace.path, limits: Self.limits
        ).run(terminationLog: workspace("log"))
        return (code, try workspace.read("log"))
    }

    @Test("a source is fetched, checked and unpacked; what an earlier try left is gone")
    func source() async throws {
        try await ObjectsOverHTTP.with { objects in
            let archive = try SourceTree(files: [("a/run", "hello", true)]).archive()
            let key = try ObjectKey("source")
            try await objects.store.put(key, bytes: archive)
            let url = try await objects.store.presign(.get, key, for: .seconds(60))
            let workspace = try TemporaryDirectory()
            for _ in 0..<2 {
                let result = try await fetch(url, sha256(archive), workspace)
                #expect(result == (0, ""))
                #expect(try workspace.read("source/a/run") == "hello")
                #expect(unsafe access(workspace("source/a/run"), X_OK) == 0)
                for name in ["output", "home", "tmp"] { #expect(unsafe access(workspace(name), W_OK) == 0) }
                #expect(unsafe mkdir(workspace("source/left"), 0o755) == 0 || errno == EEXIST)
            }
        }
    }

    @Test("a source that is another one, no archive, or refused is told in one line without its URL")
    func badSources() async throws {
        try await ObjectsOverHTTP.with { objects in
            let archive = try SourceTree(files: [("a", "hello", false)]).archive()
            let key = try ObjectKey("source")
            try await objects.store.put(key, bytes: archive)
            let url = try await objects.store.presign(.get, key, for: .seconds(60))
            let workspace = try TemporaryDirectory()
            let wrong = try await fetch(url, sha256([]), workspace)
            #expect(wrong == (1, "the source is not what was pushed: its SHA-256 is another one"))

            let escaping = try SourceTree(files: [("../a", "hello", false)]).archive()
            try await objects.store.put(key, bytes: escaping)
            let unsafeArchive = try await fetch(url, sha256(escaping), workspace)
            #expect(unsafeArchive.code == 65 && unsafeArchive.message.contains("refused"), "\(unsafeArchive)")
            // What is no archive, and not what was pushed, is told by the latter.
            #expect(try await fetch(url, sha256([]), workspace).message.contains("SHA-256"))

            let stale = try await objects.store.presign(.get, key, for: .seconds(-1))
            let refused = try await fetch(stale, sha256(escaping), workspace)
            #expect(
                refused.code == 1 && refused.message.contains("403") && !refused.message.contains("signature"),
                "\(refused)")
            let missing = try await objects.store.presign(.get, try ObjectKey("none"), for: .seconds(60))
            #expect(try await fetch(missing, sha256([]), workspace).message.contains("404"))
        }
    }

    @Test("a store that is away for a moment is asked again, and given up after a while")
    func away() async throws {
        try await ObjectsOverHTTP.with { objects in
            let archive = try SourceTree(files: [("a", "hello", false)]).archive()
            let key = try ObjectKey("source")
            try await objects.store.put(key, bytes: archive)
            let url = try await objects.store.presign(.get, key, for: .seconds(60))
            let parts = url.split(separator: "/")[1].split(separator: ":")
            let port = try #require(Int(parts[1]))
            let proxy = try await GateProxy(toHost: "127.0.0.1", port: port)
            let proxied = url.replacing(":\(port)/", with: ":\(proxy.port)/")
            proxy.shut()
            let workspace = try TemporaryDirectory()
            var limits = Self.limits
            limits.patience = .seconds(60)
            async let fetched = fetch(proxied, sha256(archive), workspace, limits: limits)
            try await Task.sleep(for: .milliseconds(300))
            proxy.open()
            #expect(try await fetched == (0, ""))
            await proxy.stop()
            let gone = try await fetch(proxied, sha256(archive), workspace)
            #expect(gone.code == 1 && gone.message.hasPrefix("the object store"), "\(gone)")
            #expect(!gone.message.contains("127.0.0.1") && !gone.message.contains("signature"), "\(gone)")
        }
    }

    @Test("what a build left is stored, and told with its size and SHA-256")
    func artifact() async throws {
        try await ObjectsOverHTTP.with { objects in
            let key = try ObjectKey("artifact")
            let url = try await objects.store.presign(.put, key, for: .seconds(60))
            let workspace = try TemporaryDirectory()
            #expect(unsafe mkdir(workspace("output"), 0o755) == 0)
            #expect(try await upload(url, workspace) == (0, #"{"artifact":null}"#))
            // Something of the build's own in the way is no link to follow, and no end.
            #expect(unsafe symlink("/etc/passwd", workspace("artifact.tar.gz")) == 0)
            try workspace.write(String(repeating: "content ", count: 200_000), to: "output/file")
            let result = try await upload(url, workspace)
            let stored = try await objects.store.getAll(key, limit: 1 << 24)
            #expect(result.code == 0, "\(result)")
            #expect(
                TerminationMessage.stored(result.message)?.artifact
                    == TerminationMessage.Artifact(size: Int64(stored.count), sha256: sha256(stored)))
        }
    }

    @Test("what is too large to be stored is the build's fault, a store that refuses is not")
    func badArtifacts() async throws {
        try await ObjectsOverHTTP.with { objects in
            let key = try ObjectKey("artifact")
            let workspace = try TemporaryDirectory()
            #expect(unsafe mkdir(workspace("output"), 0o755) == 0)
            try workspace.write(String(repeating: "x", count: 5000), to: "output/file")
            let url = try await objects.store.presign(.put, key, for: .seconds(60))
            let large = try await upload(url, workspace, maximum: 1000)
            #expect(large.code == 65 && large.message.contains("1000"), "\(large)")
            // Little content, which is more as an archive.
            try workspace.write("x", to: "output/file")
            let archive = try await upload(url, workspace, maximum: 50)
            #expect(archive.code == 65 && archive.message.contains("at most 50 are taken"), "\(archive)")
            let stale = try await objects.store.presign(.put, key, for: .seconds(-1))
            let refused = try await upload(stale, workspace)
            #expect(refused.code == 1 && refused.message.contains("403"), "\(refused)")
            #expect(try await objects.store.head(key) == nil)
        }
    }

    @Test("an artifact that is damaged on its way is sent again, and never kept")
    func damaged() async throws {
        try await ObjectsOverHTTP.with { objects in
            let key = try ObjectKey("artifact")
            let url = try await objects.store.presign(.put, key, for: .seconds(60))
            let workspace = try TemporaryDirectory()
            let spool = try ArtifactSpool(path: workspace("archive"), pool: .singleton)
            try await spool.write(Array("hello".utf8))
            let content = spool.finish()
            let file = SpooledFile(
                path: workspace("archive"), size: content.size, contentMD5: content.contentMD5, pool: .singleton)
            try workspace.write("hellx", to: "archive")
            let client = try TransferClient(authorities: nil, limits: Self.limits)
            let error = await #expect(throws: PodSideError.self) { try await client.put(url, file) }
            #expect(error?.reason == "what arrived at the object store is not what was sent")
            #expect(try await objects.store.head(key) == nil)
            // As after damage that was in passing.
            try workspace.write("hello", to: "archive")
            try await client.put(url, file)
            #expect(try await objects.store.getAll(key, limit: 100) == Array("hello".utf8))
            await client.shutdown()
        }
    }

    @Test("S3's word for a damaged body is a reason to send it again")
    func badDigest() async throws {
        let answer =
            "<Error><Code>BadDigest</Code><Message>The Content-MD5 you specified did not match</Message></Error>"
        try await FakeAPI.with({ _, _, number in number == 1 ? (400, answer) : (200, "") }) { api, client in
            let workspace = try TemporaryDirectory()
            #expect(unsafe mkdir(workspace("output"), 0o755) == 0)
            try workspace.write("content", to: "output/file")
            let result = try await upload(client.configuration.server + "/artifact", workspace)
            #expect(result.code == 0, "\(result)")
            #expect(api.requests == ["PUT /artifact", "PUT /artifact"])
        }
    }

    @Test("a transfer has one time for all of it: also for the body, and for all tries")
    func wholeTime() async throws {
        try await FakeAPI.with({ method, _, _ in method == "PUT" ? (503, "") : (200, "source") }) { _, client in
            var limits = Self.limits
            limits.total = .seconds(2)
            limits.patience = .seconds(20)
            let transfer = try TransferClient(authorities: nil, limits: limits)
            let workspace = try TemporaryDirectory()
            try workspace.write("hello", to: "archive")
            let file = SpooledFile(path: workspace("archive"), size: 5, contentMD5: "", pool: .singleton)
            let url = client.configuration.server + "/object"
            let stored = await #expect(throws: PodSideError.self) { try await transfer.put(url, file) }
            #expect(stored?.reason.hasSuffix(" 2 s") == true)
            let fetched = await #expect(throws: PodSideError.self) {
                try await transfer.get(url) {
                } take: { _ in
                    try await Task.sleep(for: .seconds(20))
                }
            }
            #expect(fetched?.reason.hasSuffix(" 2 s") == true)
            await transfer.shutdown()
        }
    }

    @Test("outside of a pod they say that they are in the wrong place")
    func outside() async throws {
        let directory = try TemporaryDirectory()
        #expect(await SourceFetch(environment: [:]).run(terminationLog: directory("none")) == 1)
        #expect(await ArtifactUpload(environment: [:]).run(terminationLog: directory("none")) == 1)
    }
}
