import ObjectStorage
import Retries
import Synchronization

/// Where one build's artifact goes: from here, or from a build elsewhere.
package final class BuildArtifactStore: Sendable {
    private let key: ObjectKey
    private let store: any ObjectStore
    private let retry: Retry
    private let artifact = Mutex<StoredArtifact?>(nil)

    init(key: ObjectKey, store: any ObjectStore, retry: Retry) {
        self.key = key
        self.store = store
        self.retry = retry
    }

    private let hasGivenURL = Atomic<Bool>(false)

    /// Whether somebody else may put the artifact.
    var isOpenToUploads: Bool { hasGivenURL.load(ordering: .acquiring) }

    /// The artifact, once it is stored.
    var stored: StoredArtifact? { artifact.withLock { $0 } }

    /// Stores an artifact that is here.
    ///
    /// - Parameter artifact: Can be read during the call only, and is read again when the store fails in passing.
    /// - Throws: ``BuildArtifactError`` when it cannot be taken, `ObjectStoreError`.
    package func put(_ artifact: BuildArtifact) async throws {
        let stored = try await retry.run {
            let digest = ContentDigest()
            let metadata = try await store.put(key, condition: .always) { writer in
                try await artifact.write(to: DigestingWriter(writer: writer, digest: digest))
            }
            return StoredArtifact(metadata: metadata, sha256: digest.hex)
        }
        self.artifact.withLock { $0 = stored }
    }

    /// A URL to which a build elsewhere puts its artifact without credentials: a secret, which logs must not have.
    ///
    /// - Parameter lifetime: For how long.
    /// - Returns: The URL.
    /// - Throws: `ObjectStoreError`.
    package func uploadURL(for lifetime: Duration) async throws -> String {
        hasGivenURL.store(true, ordering: .releasing)
        return try await retry.run { try await store.presign(.put, key, for: lifetime) }
    }

    /// Takes note of an artifact that was put by its URL.
    ///
    /// - Parameters:
    ///   - size: What the build says that it put, in bytes.
    ///   - sha256: Of it, in hex digits.
    /// - Throws: ``BuildArtifactError`` when it is not there or is something else; `ObjectStoreError`.
    package func confirmUpload(size: Int64, sha256: String) async throws {
        guard let found = try await retry.run({ try await store.head(key) }) else {
            throw BuildArtifactError(reason: "the build says that it stored it, but it is not in the object store")
        }
        guard found.size == size else {
            throw BuildArtifactError(
                reason: "the build says that it has \(size) bytes, but \(found.size) are in the object store")
        }
        artifact.withLock { $0 = StoredArtifact(metadata: found, sha256: sha256) }
    }

    /// Removes what an ended build put there: only a build that succeeded has an artifact.
    ///
    /// - Throws: `ObjectStoreError`.
    func discard() async throws {
        try await store.delete([key])
        artifact.withLock { $0 = nil }
    }
}

/// An artifact in the object store.
struct StoredArtifact: Sendable {
    let metadata: ObjectMetadata
    /// Of what was sent, in hex digits.
    let sha256: String
}

/// Takes the digest of what it passes on.
private struct DigestingWriter: ObjectWriter {
    let writer: any ObjectWriter
    let digest: ContentDigest

    func write(_ bytes: [UInt8]) async throws {
        digest.add(bytes)
        try await writer.write(bytes)
    }
}
