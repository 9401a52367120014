import NIOPosix
import Synchronization

/// Runs a ``SourceWalk`` on the thread pool, one step at a time.
final class SourceStream: Sendable {
    private let walk: Mutex<SourceWalk>
    private let pool: NIOThreadPool

    init(_ walk: consuming sending SourceWalk, pool: NIOThreadPool) {
        self.walk = Mutex(walk)
        self.pool = pool
    }

    func step() async throws -> SourceWalk.Step {
        try await pool.blocking { [self] in try walk.withLock { try $0.step() } }
    }

    func append(_ content: [UInt8]) async throws -> [UInt8] {
        try await pool.blocking { [self] in try walk.withLock { try $0.append(content) } }
    }

    /// Ends a large file: costs no time, so it needs no thread.
    func endFile(size: Int64) {
        walk.withLock { $0.endFile(size: size) }
    }

    /// Files and bytes of content so far.
    var counts: (files: Int, contentBytes: Int64) { walk.withLock { ($0.files, $0.contentBytes) } }
}
