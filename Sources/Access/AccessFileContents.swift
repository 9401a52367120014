import Glibc

/// The text of an access file, and which version of the file it is.
struct AccessFileContents {
    let text: String
    let identity: FileIdentity

    /// Reads the file at `path`.
    ///
    /// - Throws: ``AccessFileError`` when it is missing, unreadable, no regular file, too long or not UTF-8.
    static func read(path: String) throws(AccessFileError) -> AccessFileContents {
        // Without O_NONBLOCK the open of a FIFO would wait for its writer.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw AccessFileError(line: nil, reason: "the file cannot be opened: \(SystemError(code: errno))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw AccessFileError(line: nil, reason: "the file cannot be read: \(SystemError(code: errno))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw AccessFileError(line: nil, reason: "this is not a regular file")
        }
        let bytes = try readAll(descriptor)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw AccessFileError(line: nil, reason: "the file is not UTF-8 text")
        }
        return AccessFileContents(text: text, identity: FileIdentity(status))
    }

    private static func readAll(_ descriptor: Int32) throws(AccessFileError) -> [UInt8] {
        let chunk = 64 << 10
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: chunk)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw AccessFileError(line: nil, reason: "the file cannot be read: \(SystemError(code: errno))")
            }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= AccessRules.maximumFileBytes else {
                throw AccessFileError(
                    line: nil, reason: "the file is longer than \(AccessRules.maximumFileBytes) bytes")
            }
        }
    }
}
