/// Finds the line in which an SSH server says its version (RFC 4253, section 4.2).
///
/// Pure.
struct VersionScanner {
    enum Finding: Sendable, Equatable {
        /// It speaks SSH-2.0.
        case version
        /// Not yet.
        case unfinished
        /// It is not an SSH server of that version.
        case garbage
    }

    /// The RFC sets no limit for the lines before; the version's own is 255 bytes.
    static let maximumLength = 1_024
    private static let prefix = Array("SSH-2.0-".utf8)
    private static let anyVersion = Array("SSH-".utf8)

    private var line: [UInt8] = []
    private var length = 0

    /// Whether anything came.
    var isEmpty: Bool { length == 0 }

    /// Looks at what came next.
    mutating func consume(_ bytes: some Sequence<UInt8>) -> Finding {
        for byte in bytes {
            length += 1
            guard byte == UInt8(ascii: "\n") else {
                // The RFC forbids NUL; text protocols do not send it, binary ones do.
                if byte == 0 { return .garbage }
                line.append(byte)
                if length >= Self.maximumLength { return .garbage }
                continue
            }
            if line.starts(with: Self.prefix) { return .version }
            if line.starts(with: Self.anyVersion) || length >= Self.maximumLength { return .garbage }
            line.removeAll(keepingCapacity: true)
        }
        return .unfinished
    }
}
