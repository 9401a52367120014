import Archive
import NIOPosix
import Synchronization

/// Compresses on the thread pool.
final class GzipStream: Sendable {
    private let gzip: Mutex<GzipCompressor>
    private let pool: NIOThreadPool

    init(pool: NIOThreadPool) throws {
        gzip = Mutex(try GzipCompressor())
        self.pool = pool
    }

    /// Compresses the next bytes, the last ones when `isEnd`.
    func compress(_ bytes: [UInt8], isEnd: Bool) async throws -> [UInt8] {
        try await pool.blocking { [self] in
            try gzip.withLock { gzip in
                let compressed = try gzip.compress(bytes)
                return isEnd ? try compressed + gzip.finish() : compressed
            }
        }
    }
}
