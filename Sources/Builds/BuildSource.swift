package import ObjectStorage
import Retries

/// The tar.gz of the tree to build, for an executor to take from where it is.
package struct BuildSource: Sendable {
    package let stored: StoredSource
    private let store: any ObjectStore
    private let retry: Retry

    init(_ stored: StoredSource, in store: any ObjectStore, retry: Retry) {
        self.stored = stored
        self.store = store
        self.retry = retry
    }

    /// Opens it for reading here, and again from its start when the store fails in passing.
    ///
    /// - Parameter body: Reads it; may run several times.
    /// - Throws: `ObjectStoreError`, and what `body` throws.
    package func read(_ body: (StoredObject) async throws -> Void) async throws {
        try await retry.run(only: ObjectStoreError.self) { try await body(store.get(stored.key, range: nil)) }
    }

    /// A URL with which a build elsewhere gets it without credentials: a secret, which logs must not have.
    ///
    /// - Parameter lifetime: For how long.
    /// - Returns: The URL.
    /// - Throws: `ObjectStoreError`.
    package func url(for lifetime: Duration) async throws -> String {
        try await retry.run { try await store.presign(.get, stored.key, for: lifetime) }
    }
}
