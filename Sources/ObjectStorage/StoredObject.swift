/// An object that was opened for reading.
package struct StoredObject: Sendable {
    /// Of the whole object, also when only a range of it is read.
    package let metadata: ObjectMetadata
    /// The content; reading it takes the same memory whatever its size.
    package let body: ObjectBody

    /// Makes an open object.
    ///
    /// - Parameters:
    ///   - metadata: Of the whole object.
    ///   - body: The bytes asked for.
    package init(metadata: ObjectMetadata, body: ObjectBody) {
        self.metadata = metadata
        self.body = body
    }
}
