/// What an archive may ask of the machine that reads or writes it.
///
/// The sizes are chosen so that a large honest repository passes and a hostile archive fails within seconds.
package struct ArchiveLimits: Sendable, Equatable {
    /// Files, directories (also those only implied by a path), symbolic links and header records together.
    ///
    /// The largest public repositories have about 400,000 files; each entry costs an inode on the host.
    package var maximumEntries = 1_000_000

    /// Bytes of file content, before compression.
    package var maximumTotalBytes: Int64 = 16 << 30

    /// Bytes in a path or in the target of a symbolic link: Linux's PATH_MAX.
    package var maximumPathLength = 4096

    /// Directories above an entry, so that walking one path stays cheap.
    package var maximumDepth = 512

    /// Bytes in one pax or GNU header record: room for a path and a link target of full length, and attributes.
    package var maximumExtendedHeaderBytes = 64 << 10

    /// Zero bytes after the end marker: GNU tar pads to its blocking factor, 10 KiB by default.
    package var maximumTrailingBytes = 1 << 20

    /// Makes the default limits.
    package init() {}
}
