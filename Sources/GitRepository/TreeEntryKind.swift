import CLibGit2

/// What a path in a tree is, by its mode (gitformat-index, "mode").
package enum TreeEntryKind: Sendable, Equatable {
    case file
    case executable
    case directory
    case symlink
    /// A commit of another repository; its content is not here.
    case submodule

    init?(mode: UInt32) {
        switch mode {
        case GIT_FILEMODE_TREE.rawValue: self = .directory
        case GIT_FILEMODE_LINK.rawValue: self = .symlink
        case GIT_FILEMODE_COMMIT.rawValue: self = .submodule
        // Old repositories have 0100664; git looks at the owner's execute bit alone.
        case 0o100000...0o100777: self = mode & 0o100 == 0 ? .file : .executable
        default: return nil
        }
    }
}
