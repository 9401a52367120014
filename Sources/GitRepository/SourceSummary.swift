/// What went into the archive of a commit.
package struct SourceSummary: Sendable, Equatable {
    /// Files and symbolic links.
    package let files: Int
    /// Bytes of content, before compression.
    package let contentBytes: Int64
    /// Bytes of the archive as written.
    package let bytes: Int64

    /// Takes the numbers.
    package init(files: Int, contentBytes: Int64, bytes: Int64) {
        self.files = files
        self.contentBytes = contentBytes
        self.bytes = bytes
    }
}
