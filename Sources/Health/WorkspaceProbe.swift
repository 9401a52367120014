import Glibc

/// Tries whether files can be written in a directory.
struct WorkspaceProbe: Sendable {
    /// Always the same, so that a crash leaves one behind at most.
    static let fileName = ".slipway-workspace-probe"

    let path: String

    /// Creates an empty file and removes it; may block for as long as the file system does.
    ///
    /// - Returns: What is wrong, in plain English.
    func run() -> String? { Self.problem(create()) }

    /// - Returns: An `errno`, or 0.
    private func create() -> Int32 {
        let file = "\(path)/\(Self.fileName)"
        let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            close(descriptor)
        } else if errno != EEXIST {
            return errno
        }
        // One that a crash left, or another process just made: it is removed all the same, which is a write too.
        return unsafe unlink(file) == 0 || errno == ENOENT ? 0 : errno
    }

    /// The words for an `errno`; `nil` for one that does not make a server unready.
    static func problem(_ code: Int32) -> String? {
        switch code {
        // A full disk is told to who pushes: what is running goes on, and deleting needs a server that answers.
        case 0, ENOSPC, EDQUOT: nil
        case EROFS: "the workspace is read-only"
        case EACCES, EPERM: "the workspace may not be written to"
        case ENOENT, ENOTDIR: "the workspace directory is missing"
        case EIO: "the workspace's disk reports errors"
        default: "no file can be created in the workspace: \(SystemWords.of(code))"
        }
    }
}
