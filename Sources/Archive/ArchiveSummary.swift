/// What was archived.
package struct ArchiveSummary: Sendable, Equatable {
    /// Files, directories and symbolic links in the archive.
    package var entries = 0
    /// Bytes of file content, before compression.
    package var bytes: Int64 = 0
    /// Bytes of the tar.gz.
    package var compressedBytes: Int64 = 0
    /// Sockets, FIFOs and devices that were left out.
    package var skipped = 0
}
