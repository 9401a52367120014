package import Identifiers
package import ObjectStorage

/// A source, as the listing of the store shows it.
package struct StoredSource: Sendable, Equatable {
    /// 40 hexadecimal digits.
    package let commit: String
    /// In bytes.
    package let size: Int64
    /// When it was stored last, in seconds since 1970.
    package let modified: Int64

    package init(commit: String, size: Int64, modified: Int64) {
        self.commit = commit
        self.size = size
        self.modified = modified
    }

    /// Its key.
    ///
    /// - Parameter app: Whose it is.
    /// - Returns: The key.
    /// - Throws: `ObjectKeyError`, which no commit causes.
    package func key(in app: AppName) throws(ObjectKeyError) -> ObjectKey {
        try ObjectKey("apps/\(app)/sources/\(commit)\(AppObject.sourceSuffix)")
    }
}
