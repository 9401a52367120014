import Glibc
package import SystemCalls

/// Why an archive cannot be unpacked into a directory, or made from one.
///
/// Paths in messages are relative to that directory: they may be shown to users.
package enum ArchiveError: Error, Equatable, CustomStringConvertible {
    case unsafePath(String, reason: String)
    case tooDeep(String, limit: Int)
    case throughLink(String)
    case duplicate(String)
    case tooManyEntries(limit: Int)
    case tooManyBytes(limit: Int64)
    case pathTooLong(String, limit: Int)
    case nameTooLong(String)
    case changed(String)
    case noSpace(String)
    case system(SystemCallError, path: String)
    case finished

    package var description: String {
        switch self {
        case .unsafePath(let path, let reason):
            "the archive's entry \"\(path)\" is refused: \(reason)"
        case .tooDeep(let path, let limit):
            "\(path) is more than \(limit) directories deep; move it further up"
        case .throughLink(let path):
            "the archive's entry \"\(path)\" is refused: it leads through a symbolic link or a file of the same archive"
        case .duplicate(let path):
            "the archive has \"\(path)\" twice; expected every path once"
        case .tooManyEntries(let limit):
            "there are more than \(limit) files and directories; leave out what is not needed"
        case .tooManyBytes(let limit):
            "there are more than \(limit) bytes of content; leave out what is not needed"
        case .pathTooLong(let path, let limit):
            "the path ending in \(path) has more than \(limit) bytes; shorten it"
        case .nameTooLong(let path):
            "a name in \(path) is longer than the disk takes (255 bytes on most); shorten it"
        case .changed(let path):
            "\(path) changed while it was being archived; nothing may write there any more at that time"
        case .noSpace(let path):
            "no space is left on the disk for \(path); free some or ask the operator to"
        case .system(let error, let path):
            "\(path): \(error)"
        case .finished:
            "the archive was finished or failed before; nothing can be added to it"
        }
    }

    /// Words for a failed call: a full disk or quota has its own case because an operator can mend it.
    static func from(_ error: SystemCallError, _ path: some Collection<UInt8>) -> ArchiveError {
        let shown = path.isEmpty ? "the directory" : PrintablePath.text(path)
        return switch error.code {
        case ENOSPC, EDQUOT: .noSpace(shown)
        case ENAMETOOLONG: .nameTooLong(shown)
        default: .system(error, path: shown)
        }
    }

    /// Whether what the archive holds is at fault, and not the machine: whoever made the content can mend it.
    package var blamesContent: Bool {
        switch self {
        case .unsafePath, .tooDeep, .throughLink, .duplicate, .tooManyEntries, .tooManyBytes, .pathTooLong,
            .nameTooLong:
            true
        case .changed, .noSpace, .system, .finished: false
        }
    }
}
