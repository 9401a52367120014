/// One member of a tar archive: what its header says.
package struct TarEntry: Sendable, Equatable {
    /// The three kinds of member that a source tree or a build's output has.
    package enum Kind: Sendable, Equatable {
        /// A regular file; of its mode only the owner's execute bit is kept.
        case file(executable: Bool)
        case directory
        /// A symbolic link and its target's text, which may be any bytes but NUL.
        case symlink(target: [UInt8])
    }

    /// Raw bytes, "/" between components, without a trailing "/" for directories.
    package var path: [UInt8]
    package var kind: Kind
    /// Bytes of content; zero unless a file.
    package var size: Int64
    /// Seconds since 1970-01-01 UTC; may be negative.
    package var modified: Int64

    /// Makes an entry.
    ///
    /// - Parameters:
    ///   - path: Relative path in raw bytes.
    ///   - kind: File, directory or symbolic link.
    ///   - size: Bytes of content; zero unless a file.
    ///   - modified: Seconds since 1970-01-01 UTC.
    package init(path: [UInt8], kind: Kind, size: Int64 = 0, modified: Int64 = 0) {
        self.path = path
        self.kind = kind
        self.size = size
        self.modified = modified
    }
}
