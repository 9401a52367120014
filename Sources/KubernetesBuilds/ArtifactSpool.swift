import Crypto
import FoundationEssentials
import Glibc
import NIOPosix
import ObjectStorage
import Synchronization
import SystemCalls

/// Takes an archive into a file, and its size and digests.
final class ArtifactSpool: ObjectWriter {
    private struct State: ~Copyable {
        let file: OwnedDescriptor
        var size: Int64 = 0
        var sha256 = SHA256()
        var md5 = Insecure.MD5()
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
                state.sha256.update(data: bytes)
                state.md5.update(data: bytes)
            }
        }
    }

    /// What the file holds now.
    func finish() -> SpooledContent {
        state.withLock { state in
            SpooledContent(
                size: state.size,
                sha256: state.sha256.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(),
                contentMD5: Data(state.md5.finalize()).base64EncodedString())
        }
    }
}

/// The size and the digests of a file that was written once, as they were when it was written.
struct SpooledContent: Sendable {
    let size: Int64
    /// In hex digits.
    let sha256: String
    /// As in the field `Content-MD5` (RFC 1864).
    let contentMD5: String
}
