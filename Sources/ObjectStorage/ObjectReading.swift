import Synchronization

/// How far a reader has come in an object.
final class ObjectReading: Sendable {
    private let object: OpenObject
    private let end: Int64
    private let position: Mutex<Int64>

    /// Starts a reading.
    ///
    /// - Parameters:
    ///   - object: The object.
    ///   - range: Within the object.
    init(_ object: OpenObject, _ range: Range<Int64>) {
        self.object = object
        end = range.upperBound
        position = Mutex(range.lowerBound)
    }

    /// The next chunk, read on the store's thread pool; nil at the end.
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
