import Foundation
import NIOPosix
import ObjectStorage
import StoreConformance
import TestSupport
import Testing

@Suite("FileObjectStore")
struct FileObjectStoreTests {
    private let scratch: TemporaryDirectory
    private let store: FileObjectStore

    init() throws {
        scratch = try TemporaryDirectory()
        store = try FileObjectStore(root: scratch.path + "/data/store", pool: .singleton)
    }

    private func open(_ path: String) throws -> FileObjectStore { try FileObjectStore(root: path, pool: .singleton) }

    @Test("it does what every object store does", arguments: ObjectStoreConformance.allCases)
    func conformance(check: ObjectStoreConformance) async throws {
        try await check.verify(store)
        #expect(try scratch.everything("data/store/objects").isEmpty)
        #expect(try scratch.everything("data/store/tmp").filter { $0.contains("/") }.isEmpty)
    }

    @Test("an object is a file of its key's name, its etag the SHA-256 of its content")
    func layout() async throws {
        let put = try await store.put(try ObjectKey("apps/blog/log"), bytes: Array("hello\n".utf8))
        let file = scratch.path + "/data/store/objects/apps/blog/log"
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "hello\n")
        let sum = try Tool.run(["sha256sum", file])
        #expect(String(decoding: sum.output, as: UTF8.self).hasPrefix(put.etag + " "))
        let mode = try Tool.run(["stat", "-c", "%a", file, scratch.path + "/data/store/objects/apps"])
        #expect(String(decoding: mode.output, as: UTF8.self) == "600\n700\n")
    }

    @Test("objects are there after a restart, etag and all")
    func restart() async throws {
        let key = try ObjectKey("a/b")
        let put = try await store.put(key, bytes: [1, 2, 3])
        #expect(try await open(scratch.path + "/data/store").head(key) == put)
    }

    @Test("two stores on one directory have one winner between them", arguments: [false, true])
    func twoStores(matching: Bool) async throws {
        // More threads than cores, so that they are interrupted between looking and renaming.
        let pool = NIOThreadPool(numberOfThreads: 16)
        pool.start()
        let shared = "/dev/shm/object-storage-test-\(UInt64.random(in: 0 ... .max))"
        defer { _ = try? Tool.run(["rm", "-rf", "--", shared]) }
        let stores = try (0..<2).map { _ in try FileObjectStore(root: shared, pool: pool) }
        let content = [UInt8](repeating: 0, count: 100)
        for round in 0..<300 {
            let key = try ObjectKey("race/\(round)")
            var condition = PutCondition.ifAbsent
            if matching { condition = .ifMatch(etag: try await stores[0].put(key, bytes: content).etag) }
            let wins = await withTaskGroup(of: Bool.self) { group in
                for number in UInt8(1)...16 {
                    group.addTask { [condition] in
                        (try? await stores[Int(number) % 2].put(key, bytes: [number], condition: condition)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(wins == 1)
        }
        try await pool.shutdownGracefully()
    }

    @Test("puts and deletes that make and prune the same directories do not disturb each other")
    func pruning() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask { [store] in
                    let key = try ObjectKey("deep/er/still/\(number)")
                    for _ in 0..<25 {
                        try await store.put(key, bytes: [1])
                        try await store.delete([key])
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try scratch.everything("data/store/objects").isEmpty)
    }

    @Test("an object and a prefix cannot have the same name, and the error says so")
    func collision() async throws {
        try await store.put(try ObjectKey("a"), bytes: [1])
        try await store.put(try ObjectKey("b/c"), bytes: [1])
        let scope = ConformanceScope(store: store, prefix: "x")
        await scope.expect(.notAllowed) { try await store.put(try ObjectKey("a/b"), bytes: [2]) }
        for condition in [PutCondition.always, .ifAbsent] {
            await scope.expect(.notAllowed) {
                try await store.put(try ObjectKey("b"), bytes: [2], condition: condition)
            }
        }
        #expect(try scratch.everything("data/store/tmp").filter { $0.contains("/") }.isEmpty)
    }

    @Test("an empty directory in an object's place gives way")
    func emptyDirectory() async throws {
        for (name, condition) in [("a", PutCondition.always), ("b", .ifAbsent)] {
            try FileManager.default.createDirectory(
                atPath: scratch.path + "/data/store/objects/" + name, withIntermediateDirectories: false)
            try await store.put(try ObjectKey(name), bytes: [1], condition: condition)
            #expect(try await store.getAll(try ObjectKey(name), limit: 1) == [1])
        }
    }

    @Test("ten thousand objects are listed page by page")
    func manyObjects() async throws {
        let objects = scratch.path + "/data/store/objects"
        let made = try Tool.run([
            "bash", "-c", "mkdir -p '\(objects)/many' && cd '\(objects)/many' && touch {00000..09999}",
        ])
        try #require(made.status == 0)
        var listed = 0
        for try await item in store.list(prefix: "many/") {
            #expect(item.key.rawValue.hasSuffix(String(listed)))
            listed += 1
        }
        #expect(listed == 10_000)
        // Were it not lazy, what is removed after the first element would still be listed.
        listed = 0
        for try await _ in store.list(prefix: "many/0") {
            if listed == 0 { _ = try Tool.run(["bash", "-c", "cd '\(objects)/many' && rm -f {05000..09999}"]) }
            listed += 1
        }
        #expect(listed == 5000)
    }

    @Test("after the thread pool is stopped a call fails and leaves nothing")
    func stoppedPool() async throws {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        let store = try FileObjectStore(root: scratch.path + "/other", pool: pool)
        let key = try ObjectKey("a")
        let scope = ConformanceScope(store: store, prefix: "x")
        await scope.expect(.unavailable) {
            try await store.put(key, condition: .always) { writer in
                try await writer.write([1])
                try await pool.shutdownGracefully()
            }
        }
        await scope.expect(.unavailable) { _ = try await store.head(key) }
        await scope.expect(.unavailable) { for try await _ in store.list(prefix: "") {} }
        #expect(try scratch.everything("other/tmp").filter { $0.contains("/") }.isEmpty)
    }
}
