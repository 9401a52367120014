import NIOCore
import ObjectStorage

/// One put on its way: a single request, or parts once there is more than fits in one.
struct S3Upload: Sendable {
    let store: S3ObjectStore
    let key: ObjectKey
    let condition: PutCondition
    /// Stored with the object, so that a put whose answer was lost finds out what became of it.
    let mark: String
    private var piece = UploadPiece()
    private var parts: S3Parts?

    /// Begins a put; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - store: The bucket.
    ///   - key: The object's name.
    ///   - condition: Checked by the server at the end.
    init(_ store: S3ObjectStore, _ key: ObjectKey, _ condition: PutCondition) {
        self.store = store
        self.key = key
        self.condition = condition
        mark = (0..<16).map { _ in UInt8.random(in: 0...255) }.hex
    }

    /// Adds content; suspends while as many parts as allowed are on their way, or memory has run out.
    ///
    /// - Throws: ``ObjectStoreError``, `CancellationError`.
    mutating func append(_ bytes: [UInt8]) async throws {
        let partSize = store.configuration.limits.partSize
        var rest = bytes[...]
        while !rest.isEmpty {
            // Only when more follows: an object of exactly one part is sent in one request.
            if piece.bytes.readableBytes == partSize { try await ship() }
            try await piece.makeRoom(
                for: rest.count, in: store.client.memory, partSize: partSize, isPart: parts != nil)
            let room = partSize - piece.bytes.readableBytes
            piece.append(rest.prefix(room))
            rest = rest.dropFirst(room)
        }
    }

    /// Sends what is left and makes the object appear.
    ///
    /// - Returns: Its metadata.
    /// - Throws: ``ObjectStoreError``, `CancellationError`.
    mutating func complete() async throws -> ObjectMetadata {
        guard parts != nil else { return try await store.putWhole(self, piece.finished()) }
        try await ship()
        guard let parts else { throw ObjectStoreError(.misuse, .put, key) }
        return try await store.complete(self, try await parts.finish(), of: parts)
    }

    /// Takes back what was sent: stops parts on their way, and has the others removed.
    func discard() async { await parts?.discard() }

    private mutating func ship() async throws {
        if parts == nil { parts = try await S3Parts(store, key, mark: mark) }
        let full = piece.finished()
        piece = UploadPiece()
        try await parts?.send(full)
    }
}
