/// Makes a tar.gz of a directory that a stranger's build filled.
package enum ArchiveCreator {
    /// Archives everything below a directory, sorted bytewise within each directory.
    ///
    /// Symbolic links are stored, never followed; hard links are stored as files; sockets, FIFOs and devices are left
    /// out and counted. Nothing may change the directory meanwhile: a file that shrinks is an error. Blocks on the disk.
    ///
    /// - Parameters:
    ///   - directory: The directory; not itself a symbolic link, and not in the archive.
    ///   - limits: What to refuse as too large.
    ///   - sink: Is given the tar.gz in pieces of some 64 KiB; what it throws ends the walk.
    /// - Returns: Counts.
    /// - Throws: ``ArchiveError``, ``TarError``, ``GzipError``, or what `sink` throws.
    package static func archive(
        directory: String, limits: ArchiveLimits = ArchiveLimits(), into sink: (_ chunk: [UInt8]) throws -> Void
    ) throws -> ArchiveSummary {
        var walk = try ArchiveWalk(directory, limits)
        while let chunk = try walk.next() {
            if !chunk.isEmpty { try sink(chunk) }
        }
        return walk.summary
    }
}
