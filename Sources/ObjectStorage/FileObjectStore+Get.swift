extension FileObjectStore {
    package func get(_ key: ObjectKey, range: Range<Int64>?) async throws -> StoredObject {
        try Task.checkCancellation()
        let layout = self.layout
        guard let object = try await run(.get, key.rawValue, { try OpenObject.open(key, layout.opened()) }) else {
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
        let reading = ObjectReading(object, wanted)
        return StoredObject(metadata: metadata, body: ObjectBody { try await reading.next(from: self) })
    }

    package func head(_ key: ObjectKey) async throws -> ObjectMetadata? {
        try Task.checkCancellation()
        let layout = self.layout
        return try await run(.head, key.rawValue) { try OpenObject.open(key, layout.opened())?.metadata }
    }
}
