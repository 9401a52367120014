import Glibc
import Synchronization
import SystemCalls

/// An object's file, open for reading: it stays readable whole, also when the object is replaced or deleted.
final class OpenObject: Sendable {
    let metadata: ObjectMetadata
    private let file: OwnedDescriptor

    /// Opens an object.
    ///
    /// - Parameters:
    ///   - key: Its name.
    ///   - layout: Where it is.
    /// - Returns: nil when there is none.
    /// - Throws: ``SystemCallError``; code `ELOOP` when a link stands there, which is never followed.
    static func open(_ key: ObjectKey, _ layout: FileLayout) throws(SystemCallError) -> OpenObject? {
        let (directories, name) = key.place
        do throws(SystemCallError) {
            let parent = try layout.directory(directories, creating: false)
            // O_NONBLOCK: a FIFO that was planted must not block the thread.
            let file = try OwnedDescriptor.open(name, in: parent, flags: O_RDONLY | O_NONBLOCK)
            let status = try file.status()
            switch status.st_mode & S_IFMT {
            case S_IFREG: return OpenObject(ObjectMetadata(key, file, status), file)
            // Other keys begin with this one; it is not an object itself.
            case S_IFDIR: return nil
            default: throw SystemCallError(call: "openat", code: EPERM)
            }
        } catch {
            // ENOTDIR: what would have to be a directory is another object.
            if error.code == ENOENT || error.code == ENOTDIR { return nil }
            throw error
        }
    }

    private init(_ metadata: ObjectMetadata, _ file: consuming OwnedDescriptor) {
        self.metadata = metadata
        self.file = file
    }

    /// Reads a chunk.
    ///
    /// - Parameters:
    ///   - offset: Where it starts.
    ///   - count: How many bytes at most.
    /// - Returns: At least one byte, or none at the end of the file.
    /// - Throws: ``SystemCallError``.
    func read(at offset: Int64, count: Int) throws(SystemCallError) -> [UInt8] {
        try file.read(upTo: count, at: offset)
    }
}
