import Archive
import Synchronization

/// A walk that can be moved between the threads of a pool.
final class OutputArchive: Sendable {
    /// Bytes of tar.gz that one job makes: as many as the object store writes at once.
    private static let partSize = 256 << 10

    // Never contended: a part is asked for only after the one before it.
    private let walk: Mutex<ArchiveWalk>

    init(of directory: String, limits: ArchiveLimits) throws {
        walk = Mutex(try ArchiveWalk(directory, limits))
    }

    /// The next part, possibly empty; nil after the last one.
    func next() throws -> [UInt8]? { try walk.withLock { try $0.next(upTo: Self.partSize) } }
}
