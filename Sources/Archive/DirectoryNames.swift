import Glibc

/// Reads what stands in a directory itself: the names in it, and the text of its links.
enum DirectoryNames {
    /// The names in a directory, without "." and "..", in no order.
    ///
    /// - Parameters:
    ///   - directory: An open directory; its position does not change.
    ///   - path: For messages.
    ///   - limits: The number of names is limited while they are read: a directory may have millions.
    ///   - alreadyListed: Names read elsewhere that count too.
    /// - Returns: Raw names.
    /// - Throws: ``ArchiveError``.
    static func read(
        _ directory: Int32, path: [UInt8], _ limits: ArchiveLimits, alreadyListed: Int
    ) throws(ArchiveError) -> [[UInt8]] {
        let raw = unsafe openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard raw >= 0 else { throw .from(.last("openat"), path) }
        guard let stream = unsafe fdopendir(raw) else {
            let error = SystemCallError.last("fdopendir")
            close(raw)
            throw .from(error, path)
        }
        defer { unsafe closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let item = unsafe readdir(stream) else {
                guard errno == 0 else { throw .from(.last("readdir"), path) }
                return names
            }
            let name = unsafe withUnsafeBytes(of: &item.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { continue }
            names.append(name)
            guard alreadyListed + names.count <= limits.maximumEntries else {
                throw .tooManyEntries(limit: limits.maximumEntries)
            }
        }
    }

    /// The text of a symbolic link.
    ///
    /// - Parameters:
    ///   - name: The link's name in `directory`.
    ///   - directory: An open directory.
    ///   - path: For messages.
    /// - Returns: Raw bytes, at most PATH_MAX of them: Linux makes no longer ones.
    /// - Throws: ``ArchiveError``.
    static func target(ofLink name: [UInt8], in directory: Int32, path: [UInt8]) throws(ArchiveError) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = unsafe readlinkat(directory, name.cString, &buffer, buffer.count)
        guard length >= 0 else { throw .from(.last("readlinkat"), path) }
        return buffer[..<length].map { UInt8(bitPattern: $0) }
    }
}
