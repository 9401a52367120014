import Glibc
import SystemCalls

extension ObjectMetadata {
    /// Describes an open file.
    ///
    /// - Parameters:
    ///   - key: The object's name.
    ///   - file: The file.
    ///   - status: The file's status.
    init(_ key: ObjectKey, _ file: borrowing OwnedDescriptor, _ status: stat) {
        self.init(
            key: key, size: Int64(status.st_size), etag: FileTag.read(file, status),
            modified: Int64(status.st_mtim.tv_sec))
    }
}
