import Glibc
import NIOPosix

/// Reads files of a few lines.
enum SmallFile {
    /// Bytes that are read at most; tokens have a few thousand.
    static let maximumSize = 64 << 10

    /// Reads a file on a thread that may block.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - name: Of the source, for the error.
    /// - Returns: Its text without white space around it; nil when there is no such file.
    /// - Throws: ``CredentialsError``.
    static func read(_ path: String, for name: String) async throws -> String? {
        try await NIOThreadPool.singleton.runIfActive {
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else {
                if errno == ENOENT || errno == ENOTDIR { return nil }
                throw CredentialsError.source(name, reason: "\(path) cannot be read (error \(errno))")
            }
            defer { close(descriptor) }
            var bytes = [UInt8](repeating: 0, count: maximumSize + 1)
            var count = 0
            while count < bytes.count {
                let more = unsafe bytes.withUnsafeMutableBytes { buffer in
                    unsafe Glibc.read(descriptor, buffer.baseAddress.map { unsafe $0 + count }, buffer.count - count)
                }
                guard more >= 0 else {
                    throw CredentialsError.source(name, reason: "\(path) cannot be read (error \(errno))")
                }
                if more == 0 { break }
                count += more
            }
            guard count <= maximumSize else {
                throw CredentialsError.source(name, reason: "\(path) has more than \(maximumSize) bytes")
            }
            let text = String(decoding: bytes[..<count], as: UTF8.self)
            return String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }
    }
}
