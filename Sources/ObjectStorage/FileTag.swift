import CXattr
import Glibc
import SystemCalls

/// The etag of a file: the SHA-256 of its content, kept in an extended attribute so that nobody needs to read it again.
///
/// Where the file system has no such attributes, or a copy lost them, size, time and inode number take its place.
enum FileTag {
    /// The attribute's name.
    static let attribute = "user.slipway.etag"
    /// Hexadecimal digits of a SHA-256.
    private static let length = 64

    /// Keeps a hash with a file, if the file system can.
    ///
    /// - Parameters:
    ///   - tag: 64 hexadecimal digits.
    ///   - file: Open for writing.
    /// - Throws: ``SystemCallError`` unless it only cannot.
    static func store(_ tag: String, on file: borrowing OwnedDescriptor) throws(SystemCallError) {
        let digits = Array(tag.utf8)
        if unsafe fsetxattr(file.raw, attribute, digits, digits.count, 0) == 0 { return }
        // A full attribute space reads as ENOSPC while content still fits: that must not fail the put either, and a
        // full disk is found by the fsync that follows.
        guard [ENOTSUP, ENOSYS, EPERM, ENOSPC, EDQUOT].contains(errno) else { throw .last("fsetxattr") }
    }

    /// The tag of an open file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - status: Its status.
    /// - Returns: The hash, or what takes its place.
    static func read(_ file: borrowing OwnedDescriptor, _ status: stat) -> String {
        var digits = [UInt8](repeating: 0, count: length)
        let count = unsafe fgetxattr(file.raw, attribute, &digits, length)
        if count == length { return String(decoding: digits, as: UTF8.self) }
        let nanoseconds = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        return "\(status.st_size)-\(nanoseconds)-\(status.st_ino)"
    }
}
