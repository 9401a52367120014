import Crypto
import Glibc
import NIOPosix
import ObjectStorage
import Synchronization
import SystemCalls

/// Takes an archive into a file, and its size and SHA-256.
final class ArtifactSpool: ObjectWriter {
    private struct State: ~Copyable {
        let file: OwnedDescriptor
        var size: Int64 = 0
        var hash = SHA256()
    }

    private let pool: NIOThreadPool
    // Never contended: a part is written only after the one before it.
    private let state: Mutex<State>

    /// Makes the file anew.
    init(path: String, pool: NIOThreadPool) throws {
        self.pool = pool
        // The build had this directory to itself: what it may have put there goes, and is not followed.
        try DirectoryRemoval.remove(path)
        let file = try OwnedDescriptor.open(path: path, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        state = Mutex(State(file: file))
    }

    func write(_ bytes: [UInt8]) async throws {
        try await pool.runIfActive {
            try self.state.withLock { state in
                try state.file.write(bytes)
                state.size += Int64(bytes.count)
                state.hash.update(data: bytes)
            }
        }
    }

    func finish() -> (size: Int64, sha256: String) {
        state.withLock { state in
            (state.size, state.hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
        }
    }
}
