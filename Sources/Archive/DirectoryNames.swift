import Glibc
import SystemCalls

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
        var names: [[UInt8]] = []
        do throws(SystemCallError) {
            var stream = try DirectoryStream(directory)
            // One more than the limit is enough to know.
            while alreadyListed + names.count <= limits.maximumEntries, let entry = try stream.next() {
                names.append(entry.name)
            }
        } catch {
            throw .from(error, path)
        }
        guard alreadyListed + names.count <= limits.maximumEntries else {
            throw .tooManyEntries(limit: limits.maximumEntries)
        }
        return names
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
