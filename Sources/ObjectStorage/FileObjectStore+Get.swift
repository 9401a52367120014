import Synchronization

extension FileObjectStore {
    package func get(_ key: ObjectKey, range: Range<Int64>?) async throws -> StoredObject {
        try Task.checkCancellation()
        let layout = self.layout
        guard let object = try await run(.get, key.rawValue, { try OpenObject.open(key, layout) }) else {
            throw ObjectStoreError(.notFound, .get, key)
        }
        let metadata = object.metadata
        var wanted = 0..<metadata.size
        if let range {
            guard range.lowerBound >= 0, range.lowerBound < metadata.size, !range.isEmpty else {
                throw ObjectStoreError(.invalidRange, .get, key, detail: "\(range) of \(metadata.size) bytes")
            }
            wanted = range.clamped(to: wanted)
        }
        let position = Mutex(wanted.lowerBound)
        let reading = Reading(object: object, end: wanted.upperBound, position: position)
        return StoredObject(metadata: metadata, body: ObjectBody { try await reading.next(from: self) })
    }

    package func head(_ key: ObjectKey) async throws -> ObjectMetadata? {
        try Task.checkCancellation()
        let layout = self.layout
        return try await run(.head, key.rawValue) { try OpenObject.open(key, layout)?.metadata }
    }
}

/// How far a reader has come in an object.
private final class Reading: Sendable {
    private let object: OpenObject
    private let end: Int64
    private let position: Mutex<Int64>

    init(object: OpenObject, end: Int64, position: consuming Mutex<Int64>) {
        self.object = object
        self.end = end
        self.position = position
    }

    func next(from store: FileObjectStore) async throws -> [UInt8]? {
        let key = object.metadata.key
        return try await store.run(.get, key.rawValue) { [self] in
            try position.withLock { position in
                guard position < end else { return nil }
                let count = Int(min(end - position, Int64(ObjectBody.maximumChunk)))
                let bytes = try object.read(at: position, count: count)
                guard !bytes.isEmpty else { throw ObjectStoreError(.damaged, .get, key) }
                position += Int64(bytes.count)
                return bytes
            }
        }
    }
}
