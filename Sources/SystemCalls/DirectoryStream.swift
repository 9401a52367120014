import Glibc

/// Reads the names in a directory one after the other, without "." and "..", in no order.
@safe package struct DirectoryStream: ~Copyable {
    private let stream: OpaquePointer

    /// Starts to read an open directory.
    ///
    /// - Parameter directory: It stays open, and its position does not change.
    /// - Throws: ``SystemCallError``.
    package init(_ directory: Int32) throws(SystemCallError) { try self.init(".", at: directory) }

    /// Starts to read the directory at a path; symbolic links in it are followed.
    ///
    /// - Parameter path: Absolute, or relative to the current directory.
    /// - Throws: ``SystemCallError``.
    package init(path: String) throws(SystemCallError) { try self.init(path, at: AT_FDCWD) }

    private init(_ path: String, at directory: Int32) throws(SystemCallError) {
        let raw = unsafe openat(directory, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard raw >= 0 else { throw .last("openat") }
        guard let stream = unsafe fdopendir(raw) else {
            let error = SystemCallError.last("fdopendir")
            close(raw)
            throw error
        }
        unsafe self.stream = stream
    }

    deinit { unsafe closedir(stream) }

    /// The next name; nil after the last one.
    ///
    /// - Returns: A name that was there when it was read.
    /// - Throws: ``SystemCallError``.
    package mutating func next() throws(SystemCallError) -> DirectoryEntry? {
        while true {
            errno = 0
            guard let item = unsafe readdir(stream) else {
                guard errno == 0 else { throw .last("readdir") }
                return nil
            }
            let name = unsafe withUnsafeBytes(of: &item.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { continue }
            return DirectoryEntry(name: name, type: unsafe item.pointee.d_type)
        }
    }
}

extension DirectoryStream {
    /// All names in the directory at a path, in no order; what is not UTF-8 in them is replaced.
    ///
    /// - Parameter path: Absolute, or relative to the current directory.
    /// - Returns: The names without "." and "..".
    /// - Throws: ``SystemCallError``.
    package static func names(in path: String) throws(SystemCallError) -> [String] {
        var stream = try DirectoryStream(path: path)
        var names: [String] = []
        while let entry = try stream.next() { names.append(String(decoding: entry.name, as: UTF8.self)) }
        return names
    }
}
