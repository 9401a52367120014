import Glibc

/// One name in a directory.
struct DirectoryItem {
    enum Kind {
        case file, directory, other
    }

    let name: String
    let kind: Kind

    /// Reads a directory; names that are not UTF-8 are left out, no key can name them.
    ///
    /// - Parameter directory: An open directory; its position does not change.
    /// - Returns: All names but "." and "..", in no order.
    /// - Throws: ``SystemCallError``.
    static func read(_ directory: borrowing OwnedDescriptor) throws(SystemCallError) -> [DirectoryItem] {
        let raw = unsafe openat(directory.raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard raw >= 0 else { throw .last("openat") }
        guard let stream = unsafe fdopendir(raw) else {
            let error = SystemCallError.last("fdopendir")
            close(raw)
            throw error
        }
        defer { unsafe closedir(stream) }
        var items: [DirectoryItem] = []
        while true {
            errno = 0
            guard let item = unsafe readdir(stream) else {
                guard errno == 0 else { throw .last("readdir") }
                return items
            }
            let type = unsafe Int(item.pointee.d_type)
            let bytes = unsafe withUnsafeBytes(of: &item.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            guard let name = String(validating: bytes, as: UTF8.self), name != ".", name != ".." else { continue }
            items.append(DirectoryItem(name: name, kind: try kind(of: name, type: type, in: directory)))
        }
    }

    private static func kind(
        of name: String, type: Int, in directory: borrowing OwnedDescriptor
    ) throws(SystemCallError) -> Kind {
        switch type {
        case DT_REG: return .file
        case DT_DIR: return .directory
        case DT_UNKNOWN: break
        default: return .other
        }
        // Some file systems do not say.
        var status = stat()
        guard unsafe fstatat(directory.raw, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            // It is gone meanwhile.
            if errno == ENOENT { return .other }
            throw .last("fstatat")
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        default: return .other
        }
    }
}
