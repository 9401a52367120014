import Glibc
import SystemCalls

/// Walks below one directory by open descriptors, component by component, and never through a symbolic link.
///
/// It keeps the directory it was in last, because archives list a directory's files one after the other. It holds two
/// descriptors however deep the tree is.
struct DirectoryCursor: ~Copyable {
    private let root: OwnedDescriptor
    private var current: OwnedDescriptor?
    private var currentPath: [UInt8] = []
    /// Directories made so far.
    private(set) var created = 0

    /// Opens the directory that everything happens in.
    ///
    /// - Parameter path: Chosen by the operator or by Slipway, not by a stranger.
    /// - Throws: ``ArchiveError``.
    init(_ path: String) throws(ArchiveError) {
        do {
            root = try OwnedDescriptor.open(path.utf8, in: AT_FDCWD, flags: O_RDONLY | O_DIRECTORY)
        } catch {
            throw .from(error, [])
        }
    }

    /// Goes to a directory.
    ///
    /// - Parameters:
    ///   - path: Relative, with components that were checked: not empty, not "." or "..", without NUL.
    ///   - creating: Whether directories that are missing are made, with mode 0755.
    /// - Returns: A descriptor that stays open until the next call.
    /// - Throws: ``ArchiveError/throughLink(_:)`` when a component is no directory.
    mutating func move(to path: ArraySlice<UInt8>, creating: Bool) throws(ArchiveError) -> Int32 {
        if path.isEmpty { return root.raw }
        if path.elementsEqual(currentPath), let raw = current?.raw { return raw }
        let slash = UInt8(ascii: "/")
        let isBelow =
            !currentPath.isEmpty && path.count > currentPath.count && path.starts(with: currentPath)
            && path[path.startIndex + currentPath.count] == slash
        if !isBelow {
            current = nil
            currentPath = []
        }
        for name in path.dropFirst(currentPath.count).split(separator: slash) {
            let next = try step(name, from: current?.raw ?? root.raw, creating: creating, path)
            current = consume next
            if !currentPath.isEmpty { currentPath.append(slash) }
            currentPath += name
        }
        return current?.raw ?? root.raw
    }

    private mutating func step(
        _ name: ArraySlice<UInt8>, from parent: Int32, creating: Bool, _ path: ArraySlice<UInt8>
    ) throws(ArchiveError) -> OwnedDescriptor {
        do throws(SystemCallError) {
            return try OwnedDescriptor.open(name, in: parent, flags: O_RDONLY | O_DIRECTORY)
        } catch {
            switch error.code {
            case ENOTDIR, ELOOP: throw .throughLink(PrintablePath.text(path))
            case ENOENT where creating: break
            default: throw .from(error, path)
            }
        }
        // A link planted in between makes this fail with EEXIST, and the open below refuses it.
        guard unsafe mkdirat(parent, name.cString, 0o755) == 0 || errno == EEXIST else {
            throw .from(.last("mkdirat"), path)
        }
        created += 1
        do throws(SystemCallError) {
            let made = try OwnedDescriptor.open(name, in: parent, flags: O_RDONLY | O_DIRECTORY)
            // The umask has no say in what a build finds.
            guard fchmod(made.raw, 0o755) == 0 else { throw .last("fchmod") }
            return made
        } catch {
            if error.code == ENOTDIR || error.code == ELOOP { throw .throughLink(PrintablePath.text(path)) }
            throw .from(error, path)
        }
    }
}
