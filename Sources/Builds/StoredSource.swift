package import ObjectStorage

/// What is known of a source in the object store.
package struct StoredSource: Sendable, Equatable {
    package let key: ObjectKey
    /// In bytes.
    package let size: Int64
    /// Of the tar.gz, in hex; nil where the executor has no use for it (``BuildExecutor/wantsSourceDigest``).
    package let sha256: String?

    package init(key: ObjectKey, size: Int64, sha256: String? = nil) {
        self.key = key
        self.size = size
        self.sha256 = sha256
    }
}
