import Foundation
import NIOPosix
import ObjectStorage
import StoreConformance
import TestSupport
import Testing

/// What is planted, left over, full or missing.
@Suite("FileObjectStore under stress")
struct FileObjectStoreSafetyTests {
    private let scratch: TemporaryDirectory
    private let root: String

    init() throws {
        scratch = try TemporaryDirectory()
        root = scratch.path + "/store"
        try FileManager.default.createDirectory(
            atPath: scratch.path + "/secret/below", withIntermediateDirectories: true)
        try Data([7]).write(to: URL(fileURLWithPath: scratch.path + "/secret/kept"))
    }

    private func open(_ path: String? = nil) throws -> FileObjectStore {
        try FileObjectStore(root: path ?? root, pool: .singleton)
    }

    private func link(_ name: String, _ target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: root + "/" + name, withDestinationPath: target)
    }

    @Test("links planted among the objects are never followed")
    func plantedLinks() async throws {
        let store = try open()
        try link("objects/link", "../../secret")
        try link("objects/file", "../../secret/kept")
        let scope = ConformanceScope(store: store, prefix: "x")
        let before = try scratch.everything("secret")
        for name in ["link/kept", "link/new", "link/below/new", "file"] {
            let key = try ObjectKey(name)
            await scope.expect(.notAllowed) { _ = try await store.get(key, range: nil) }
            await scope.expect(.notAllowed) { _ = try await store.head(key) }
            if name != "file" {
                await scope.expect(.notAllowed) { try await store.put(key, bytes: [1]) }
                await scope.expect(.notAllowed) { try await store.put(key, bytes: [1], condition: .ifAbsent) }
                await scope.expect(.notAllowed) { try await store.delete([key]) }
            }
        }
        await scope.expect(.conditionFailed) {
            try await store.put(try ObjectKey("file"), bytes: [1], condition: .ifAbsent)
        }
        await scope.expect(.notAllowed) {
            try await store.put(try ObjectKey("file"), bytes: [1], condition: .ifMatch(etag: "x"))
        }
        for prefix in ["", "link/", "link/below/", "f"] {
            for try await item in store.list(prefix: prefix) { Issue.record("\(prefix) lists \(item.key)") }
        }
        // A put takes the link's place; a delete takes the link away.
        try await store.put(try ObjectKey("file"), bytes: [1])
        #expect(try await store.getAll(try ObjectKey("file"), limit: 1) == [1])
        try await store.delete([try ObjectKey("link")])
        #expect(try scratch.everything("secret") == before)
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/secret/kept")) == Data([7]))
    }

    @Test("links in the place of the store's own directories are refused", arguments: ["objects", "tmp", "locks"])
    func plantedDirectories(name: String) throws {
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try link(name, "../secret")
        #expect {
            try open()
        } throws: { error in
            guard let error = error as? ObjectStoreError else { return false }
            return error.kind == .noDirectory && !"\(error)".contains(scratch.path)
        }
        #expect(try scratch.everything("secret") == ["below", "kept"])
    }

    @Test("a FIFO in an object's place blocks nobody")
    func fifo() async throws {
        let store = try open()
        #expect(try Tool.run(["mkfifo", root + "/objects/pipe"]).status == 0)
        let scope = ConformanceScope(store: store, prefix: "x")
        await scope.expect(.notAllowed) { _ = try await store.get(try ObjectKey("pipe"), range: nil) }
        for try await item in store.list(prefix: "") { Issue.record("lists \(item.key)") }
    }

    @Test("what a crash left is cleared away at the next start, what lives is not")
    func leftovers() async throws {
        let living = try open()
        let (started, startedContinuation) = AsyncStream.makeStream(of: Void.self)
        let (proceed, proceedContinuation) = AsyncStream.makeStream(of: Void.self)
        let key = try ObjectKey("kept")
        let put = Task {
            try await living.put(key, condition: .always) { writer in
                try await writer.write([UInt8](repeating: 1, count: 300_000))
                startedContinuation.finish()
                for await _ in proceed {}
            }
        }
        for await _ in started {}
        try FileManager.default.createDirectory(atPath: root + "/tmp/999-1", withIntermediateDirectories: true)
        try Data([1]).write(to: URL(fileURLWithPath: root + "/tmp/999-1/1"))
        try Data([1]).write(to: URL(fileURLWithPath: root + "/tmp/stray"))
        try link("tmp/link", "../../secret")
        let second = try open()
        let left = try scratch.everything("store/tmp")
        #expect(!left.contains { $0.hasPrefix("999") || $0 == "stray" || $0 == "link" })
        #expect(left.filter { $0.contains("/") }.count == 1)
        proceedContinuation.finish()
        let metadata = try await put.value
        #expect(try await second.head(key) == metadata)
        #expect(try scratch.everything("secret") == ["below", "kept"])
    }

    @Test("an instance that ends takes its directory with it")
    func ends() throws {
        do { _ = try open() }
        #expect(try scratch.everything("store/tmp").isEmpty)
    }

    /// Mounts a small file system for one test.
    private func withMount(_ type: String, _ options: String, _ body: (String) async throws -> Void) async throws {
        let target = scratch.path + "/mounted"
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        let mounted = try Tool.run(["mount", "-t", type, "-o", options, type, target])
        try #require(mounted.status == 0, "needs to mount a \(type): \(mounted.errors)")
        defer { _ = try? Tool.run(["umount", "-l", target]) }
        try await body(target)
    }

    @Test("a full disk is named as one, leaves nothing, and is over when there is room again")
    func noSpace() async throws {
        try await withMount("tmpfs", "size=1m") { target in
            let store = try open(target)
            let scope = ConformanceScope(store: store, prefix: "x")
            let small = try ObjectKey("a/small")
            try await store.put(small, bytes: [UInt8](repeating: 1, count: 500_000))
            for size in [700_000, 4_000_000] {
                await scope.expect(.noSpace) {
                    try await store.put(try ObjectKey("a/large"), bytes: [UInt8](repeating: 2, count: size))
                }
                await scope.expect(.noSpace) {
                    try await store.put(try ObjectKey("a/large"), condition: .always) { writer in
                        // A body that goes on after an error does not make the put succeed.
                        for _ in 0..<(size / 100_000) {
                            try? await writer.write([UInt8](repeating: 2, count: 100_000))
                        }
                    }
                }
            }
            #expect(try await store.head(try ObjectKey("a/large")) == nil)
            #expect(try scratch.everything("mounted/tmp").filter { $0.contains("/") }.isEmpty)
            try await store.delete([small])
            try await store.put(try ObjectKey("a/large"), bytes: [UInt8](repeating: 2, count: 700_000))
        }
    }

    @Test("a read-only disk is named as such")
    func readOnly() async throws {
        try await withMount("tmpfs", "size=1m") { target in
            let store = try open(target)
            let key = try ObjectKey("a")
            try await store.put(key, bytes: [1])
            try await eventually("nobody has a file open for writing any more") {
                try Tool.run(["mount", "-o", "remount,ro", target]).status == 0
            }
            let scope = ConformanceScope(store: store, prefix: "x")
            await scope.expect(.readOnly) { try await store.put(key, bytes: [2]) }
            #expect(try await store.getAll(key, limit: 1) == [1])
        }
    }

    @Test("on a file system without extended attributes everything works, with another etag")
    func noAttributes() async throws {
        try await withMount("ramfs", "mode=700") { target in
            let store = try open(target)
            let put = try await store.put(try ObjectKey("a"), bytes: [1, 2, 3])
            #expect(put.etag.split(separator: "-").count == 3 && put.etag.hasPrefix("3-"))
            #expect(try await store.head(try ObjectKey("a")) == put)
            try await store.delete([try ObjectKey("a")])
            try await ObjectStoreConformance.verify(store)
        }
    }

    @Test("a root that cannot be made is refused without its place in the words for users")
    func badRoot() throws {
        #expect {
            try open(scratch.path + "/secret/kept/store")
        } throws: { error in
            guard let error = error as? ObjectStoreError else { return false }
            return !"\(error)".contains(scratch.path) && error.detail?.contains(scratch.path) == true
        }
    }
}
