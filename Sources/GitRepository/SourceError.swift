package import GitProtocol

/// Why the tree of a commit cannot be archived; the text is for the user who pushed.
package enum SourceError: Error, Sendable, Equatable {
    case noSuchCommit(ObjectID)
    case missing(ObjectID, path: String)
    case unsafeName(path: String)
    case unknownMode(UInt32, path: String)
    case treeTooLarge(Int64, path: String, limit: Int64)
    case pathTooLong(Int, limit: Int)
    /// A directory and those it is in, together.
    case treesTooLarge(path: String, limit: Int64)
    /// A commit or tag, for its message.
    case objectTooLarge(ObjectKind, ObjectID, Int64, limit: Int64)
    case damagedTree(path: String)
    case tooDeep(limit: Int)
    case linkTooLong(Int64, path: String, limit: Int)
    case emptyLink(path: String)
    case tooManyEntries(limit: Int)
    case tooManyBytes(limit: Int64)
    /// The git child that reads objects ended, by its limits perhaps, or said something else than expected.
    case unreadable(path: String)
}

extension SourceError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noSuchCommit(let id): "expected a commit to archive, but \(id) is none that is here"
        case .missing(let id, let path): "the content of \(path) (object \(id)) is not here; push from a full clone"
        case .unsafeName(let path): "the tree has an entry that cannot be a file: \(path); rename it and push again"
        case .unknownMode(let mode, let path):
            "\(path) has mode \(String(mode, radix: 8)); expected a file, directory, symbolic link or submodule"
        case .treeTooLarge(let size, let path, let limit):
            "the directory \(path) has \(size) bytes of entries; at most \(limit) are accepted"
        case .pathTooLong(let length, let limit):
            "the tree has a path of \(length) bytes; at most \(limit) are accepted"
        case .treesTooLarge(let path, let limit):
            "the directory \(path) and those it is in have more than \(limit) bytes of entries together"
        case .objectTooLarge(let kind, let id, let size, let limit):
            "the \(kind.rawValue) \(id) has \(size) bytes; at most \(limit) are accepted: shorten its message"
        case .damagedTree(let path): "the directory \(path) is damaged; run \"git fsck\""
        case .tooDeep(let limit): "the tree has more than \(limit) directories within each other"
        case .linkTooLong(let length, let path, let limit):
            "the target of the symbolic link \(path) has \(length) bytes; at most \(limit) are accepted"
        case .emptyLink(let path): "the symbolic link \(path) has no target"
        case .tooManyEntries(let limit): "the tree has more than \(limit) files and directories"
        case .tooManyBytes(let limit): "the files of the tree have more than \(limit) bytes together"
        case .unreadable(let path):
            "the content of \(path) could not be read within the limits of a push; is there a huge file in it?"
        }
    }
}
