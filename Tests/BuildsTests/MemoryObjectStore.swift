import ObjectStorage
import Synchronization

/// Keeps objects in memory, and lets a test fail, hold up or watch each request.
final class MemoryObjectStore: ObjectStore {
    typealias Operation = ObjectStoreError.Operation
    typealias Hook =
        @Sendable (_ store: MemoryObjectStore, _ operation: Operation, _ key: ObjectKey?) async throws -> Void

    private let objects = Mutex<[ObjectKey: [UInt8]]>([:])
    /// The most bytes that a body gives at once.
    private let chunk: Int
    /// Called before each request, and before each chunk of a body as `get` too.
    private let hook: Hook

    init(chunk: Int = 1 << 10, before hook: @escaping Hook = { _, _, _ in }) {
        self.chunk = chunk
        self.hook = hook
    }

    var keys: [String] { objects.withLock { $0.keys.sorted().map(\.rawValue) } }

    subscript(key: ObjectKey) -> [UInt8]? {
        get { objects.withLock { $0[key] } }
        set { objects.withLock { $0[key] = newValue } }
    }

    func put(
        _ key: ObjectKey, condition: PutCondition, body: @Sendable (any ObjectWriter) async throws -> Void
    ) async throws -> ObjectMetadata {
        try await before(.put, key)
        let writer = Writer()
        try await body(writer)
        let bytes = writer.bytes.withLock { $0 }
        try Task.checkCancellation()
        try objects.withLock { objects in
            if condition == .ifAbsent, objects[key] != nil { throw ObjectStoreError(.conditionFailed, .put, key) }
            objects[key] = bytes
        }
        return metadata(key, bytes)
    }

    func get(_ key: ObjectKey, range: Range<Int64>?) async throws -> StoredObject {
        try await before(.get, key)
        guard let bytes = self[key] else { throw ObjectStoreError(.notFound, .get, key) }
        if let range, range.lowerBound >= bytes.count { throw ObjectStoreError(.invalidRange, .get, key) }
        let wanted = range.map { Int($0.lowerBound)..<Int(min($0.upperBound, Int64(bytes.count))) } ?? bytes.indices
        let rest = Writer(Array(bytes[wanted]))
        let body = ObjectBody { [self] in
            try await before(.get, key)
            // Like a server that is asked for one range after the other.
            guard self[key] != nil else { throw ObjectStoreError(.notFound, .get, key) }
            return rest.bytes.withLock { rest in
                defer { rest.removeFirst(min(chunk, rest.count)) }
                return rest.isEmpty ? nil : Array(rest.prefix(chunk))
            }
        }
        return StoredObject(metadata: metadata(key, bytes), body: body)
    }

    func head(_ key: ObjectKey) async throws -> ObjectMetadata? {
        try await before(.head, key)
        return self[key].map { metadata(key, $0) }
    }

    func delete(_ keys: [ObjectKey]) async throws {
        for key in keys {
            try await before(.delete, key)
            self[key] = nil
        }
    }

    func list(prefix: String) -> ObjectListing {
        ObjectListing { [self] in
            let last = Mutex<ObjectKey?>(nil)
            return { [self] in
                try await before(.list, nil)
                let page = objects.withLock { objects in
                    objects.filter { key, _ in
                        key.rawValue.hasPrefix(prefix) && last.withLock { last in last.map { $0 < key } ?? true }
                    }.sorted { $0.key < $1.key }.prefix(3).map { metadata($0.key, $0.value) }
                }
                last.withLock { $0 = page.last?.key }
                return page.isEmpty ? nil : page
            }
        }
    }

    func presign(_ access: PresignedAccess, _ key: ObjectKey, for lifetime: Duration) async throws -> String {
        throw ObjectStoreError(.unsupported, .presign, key)
    }

    private func before(_ operation: Operation, _ key: ObjectKey?) async throws { try await hook(self, operation, key) }

    private func metadata(_ key: ObjectKey, _ bytes: [UInt8]) -> ObjectMetadata {
        ObjectMetadata(key: key, size: Int64(bytes.count), etag: "\(bytes.count)", modified: 0)
    }

    private final class Writer: ObjectWriter {
        let bytes: Mutex<[UInt8]>

        init(_ bytes: [UInt8] = []) { self.bytes = Mutex(bytes) }

        func write(_ bytes: [UInt8]) async throws { self.bytes.withLock { $0 += bytes } }
    }
}
