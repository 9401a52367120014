/// What is known of an object without reading it.
package struct ObjectMetadata: Sendable, Equatable {
    package let key: ObjectKey
    /// Bytes of content.
    package let size: Int64
    /// Changes when the content does; opaque, and only compared with what the same store gave.
    package let etag: String
    /// Seconds since 1970-01-01 UTC.
    package let modified: Int64

    /// Makes a description of an object.
    ///
    /// - Parameters:
    ///   - key: The object's name.
    ///   - size: Bytes of content.
    ///   - etag: The store's mark for this content.
    ///   - modified: Seconds since 1970-01-01 UTC.
    package init(key: ObjectKey, size: Int64, etag: String, modified: Int64) {
        self.key = key
        self.size = size
        self.etag = etag
        self.modified = modified
    }
}
