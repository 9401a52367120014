import NIOCore
import ObjectStorage
import Synchronization

/// The parts of one upload.
struct S3Parts: Sendable {
    let uploadID: String
    /// Whether the server keeps a SHA-256 of each part: all have one, or none.
    let hasChecksums: Bool
    private let store: S3ObjectStore
    private let key: ObjectKey
    private var sent: [S3SentPart] = []
    /// In order.
    private var onTheirWay: [Task<S3SentPart, any Error>] = []

    /// Begins an upload.
    ///
    /// - Parameters:
    ///   - store: The bucket.
    ///   - key: The object's name.
    ///   - mark: Stored with the object.
    /// - Throws: ``ObjectStoreError``, `CancellationError`.
    init(_ store: S3ObjectStore, _ key: ObjectKey, mark: String) async throws {
        self.store = store
        self.key = key
        var request = S3Request(.createUpload, store.configuration.name(of: key))
        request.query = [("uploads", "")]
        request.headers = [
            S3Header.contentType, (S3Header.mark, mark),
            (S3Header.partSize, String(store.configuration.limits.partSize)),
            ("x-amz-checksum-algorithm", "SHA256"),
        ]
        (uploadID, hasChecksums) = try await store.send(request, for: .put, key.rawValue) { response in
            guard let id = try await response.document().text(of: "UploadId"), !id.isEmpty else {
                throw S3Failure(.nonsense("the answer has no UploadId"))
            }
            return (id, response.hadChecksums)
        }
    }

    /// Sends a part; waits until few enough are on their way.
    ///
    /// - Throws: ``ObjectStoreError`` of this part or one before, `CancellationError`.
    mutating func send(_ piece: FinishedPiece) async throws {
        let limits = store.configuration.limits
        while onTheirWay.count >= limits.concurrentParts { try await takeOldest() }
        let number = sent.count + onTheirWay.count + 1
        guard number <= limits.maximumParts else {
            throw ObjectStoreError(
                .tooLarge, .put, key, detail: "more than \(limits.maximumParts) parts of \(limits.partSize) bytes")
        }
        var request = S3Request(.uploadPart, store.configuration.name(of: key))
        request.query = [("partNumber", String(number)), ("uploadId", uploadID)]
        request.payload = piece.payload
        request.headers = [S3Header.contentType]
        if hasChecksums { request.headers.append(piece.checksum) }
        let (key, call, store) = (key.rawValue, request, store)
        onTheirWay.append(
            Task {
                // Not when this task is let go of: its put may wait for memory before it looks here.
                defer { piece.share?.end() }
                let etag = try await store.send(call, for: .put, key) { response in
                    let etag = try piece.verify(response, store.configuration)
                    try await response.drain()
                    return etag
                }
                return S3SentPart(
                    number: number, size: piece.bytes.readableBytes, etag: etag, sha256: piece.sha256)
            })
    }

    /// Waits for all parts.
    ///
    /// - Returns: All of them, in order.
    /// - Throws: ``ObjectStoreError``, `CancellationError`.
    func finish() async throws -> [S3SentPart] {
        var copy = self
        while !copy.onTheirWay.isEmpty { try await copy.takeOldest() }
        return copy.sent
    }

    /// Stops parts on their way, and begins to have the others removed.
    func discard() async {
        for task in onTheirWay { task.cancel() }
        // The server might store a part behind an abort that overtook it.
        for task in onTheirWay { _ = await task.result }
        store.abort(uploadID, key)
    }

    private mutating func takeOldest() async throws {
        guard let task = onTheirWay.first else { return }
        let part = try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
        onTheirWay.removeFirst()
        sent.append(part)
    }
}
