import Builds
import Foundation
import Glibc
import Identifiers
import NIOPosix
import ObjectStorage
import Synchronization
import TestSupport

@testable import Retention

/// A store in a directory, in which builds and sources are as old as a test wants.
final class TestStore: ObjectStore {
    /// What a test lets happen before a call.
    enum Call {
        case put(ObjectKey), delete([ObjectKey]), head(ObjectKey), get(ObjectKey)
    }

    /// The time of the test: in 2033, after all that the file system says itself.
    static let now: Int64 = 2_000_000_000

    let directory: TemporaryDirectory
    let inner: FileObjectStore
    private let hook = Mutex<(@Sendable (Call) async throws -> Void)?>(nil)
    private let reads = Mutex(0)

    init() throws {
        directory = try TemporaryDirectory()
        inner = try FileObjectStore(root: directory("store"), pool: .singleton)
    }

    /// How many objects were read.
    var readCount: Int { reads.withLock { $0 } }

    /// Has `body` run before each call, or nothing any more.
    func intercept(_ body: (@Sendable (Call) async throws -> Void)?) { hook.withLock { $0 = body } }

    private func tell(_ call: Call) async throws { try await hook.withLock { $0 }?(call) }

    @discardableResult
    func put(
        _ key: ObjectKey, condition: PutCondition, body: @Sendable (any ObjectWriter) async throws -> Void
    ) async throws -> ObjectMetadata {
        try await tell(.put(key))
        return try await inner.put(key, condition: condition, body: body)
    }

    func get(_ key: ObjectKey, range: Range<Int64>?) async throws -> StoredObject {
        try await tell(.get(key))
        reads.withLock { $0 += 1 }
        return try await inner.get(key, range: range)
    }

    func head(_ key: ObjectKey) async throws -> ObjectMetadata? {
        try await tell(.head(key))
        return try await inner.head(key)
    }

    func delete(_ keys: [ObjectKey]) async throws {
        try await tell(.delete(keys))
        try await inner.delete(keys)
    }

    func list(prefix: String) -> ObjectListing { inner.list(prefix: prefix) }

    func presign(_ access: PresignedAccess, _ key: ObjectKey, for lifetime: Duration) async throws -> String {
        try await inner.presign(access, key, for: lifetime)
    }
}

// MARK: What is in it

extension TestStore {
    /// Makes an object that is `age` seconds old, without a put: that would wait for the disk each time.
    func add(_ key: String, _ content: String = "x", age: Int64) async throws {
        let file = URL(fileURLWithPath: directory("store/objects/\(key)"))
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content.utf8).write(to: file)
        try setAge(of: key, age)
    }

    func setAge(of key: String, _ age: Int64) throws {
        let time = timespec(tv_sec: Int(Self.now - age), tv_nsec: 0)
        let path = directory("store/objects/\(key)")
        guard unsafe utimensat(AT_FDCWD, path, [time, time], 0) == 0 else {
            throw ObjectStoreError(.notFound, .put, text: key, detail: nil)
        }
    }

    /// Puts a build that was begun `age` seconds ago; without a log it looks as if it ran.
    @discardableResult
    func addBuild(
        _ app: String = "blog", age: Int64, _ outcome: String = "succeeded", number: Int64 = 0,
        commit: String = commit(0),
        log: Bool = true, artifact: Bool = true, parts: Int = 0
    ) async throws -> PushID {
        let id = PushID.at(Self.now - age, number)
        let path = "apps/\(app)/builds/\(id)"
        let keys = try BuildKeys(app: AppName(app), id: id.rawValue)
        if artifact { try await add("\(path)/artifact.tar.gz", "artifact", age: age) }
        for part in 0..<parts { try await add(keys.logPart(part + 1).rawValue, "part", age: age) }
        if log { try await add("\(path)/log", "log", age: age) }
        let record = """
            {"app":"\(app)","commit":"\(commit)","executor":"local","id":"\(id)","outcome":"\(outcome)","recipe":"script",
             "ref":"refs/heads/main","startedAt":"2033-01-01T00:00:00.000Z","user":"alice",
             "reason":"","finishedAt":"2033-01-01T00:00:01.000Z","phases":{}}
            """
        try await add("\(path)/build.json", record, age: age)
        return id
    }

    /// Puts builds that succeeded, each so many days old.
    func addBuilds(_ app: String = "blog", days: Int64...) async throws {
        for age in days { try await addBuild(app, age: age * day) }
    }

    @discardableResult
    func addSource(_ app: String = "blog", age: Int64, _ number: Int) async throws -> String {
        try await add("apps/\(app)/sources/\(commit(number)).tar.gz", "source", age: age)
        return commit(number)
    }

    /// All keys.
    func keys(_ prefix: String = "") async throws -> [String] {
        var keys: [String] = []
        for try await object in inner.list(prefix: prefix) { keys.append(object.key.rawValue) }
        return keys
    }

    /// The ids of an app's builds, the oldest first.
    func builds(_ app: String = "blog") async throws -> [String] {
        try await keys("apps/\(app)/builds/").filter { $0.hasSuffix("/build.json") }.map { key in
            String(key.split(separator: "/")[3])
        }
    }

    /// The commits of an app's sources.
    func sources(_ app: String = "blog") async throws -> [String] {
        try await keys("apps/\(app)/sources/").map { String($0.split(separator: "/")[3].prefix(40)) }
    }

    func read(_ key: String) async throws -> String {
        String(decoding: try await inner.getAll(ObjectKey(key), limit: 1 << 20), as: UTF8.self)
    }
}
