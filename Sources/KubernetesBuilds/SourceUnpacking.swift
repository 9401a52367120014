import Archive
import Builds
import Crypto
import Glibc
import NIOPosix
import Synchronization
import SystemCalls

/// One source on its way from the network into a directory.
final class SourceUnpacking: Sendable {
    private struct State {
        var unpacker: SourceUnpacker?
        var hash = SHA256()
        /// What unpacking says is told only once all bytes are known to be the right ones.
        var problem: (any Error)?
    }

    private let directory: String
    private let limits: ArchiveLimits
    private let pool: NIOThreadPool
    // Never contended: a chunk is taken only after the one before it.
    private let state = Mutex(State())

    init(directory: String, limits: ArchiveLimits, pool: NIOThreadPool) {
        self.directory = directory
        self.limits = limits
        self.pool = pool
    }

    /// Begins with an empty directory.
    func begin() async throws {
        let (directory, limits) = (directory, limits)
        let unpacker = try await pool.runIfActive {
            try DirectoryRemoval.remove(directory)
            guard unsafe mkdir(directory, 0o755) == 0 else {
                throw PodSideError("\(directory) cannot be made: \(SystemCallError.last("mkdir"))")
            }
            return try SourceUnpacker(into: directory, limits: limits)
        }
        state.withLock { $0 = State(unpacker: unpacker) }
    }

    /// Unpacks the next piece.
    func take(_ bytes: [UInt8]) async throws {
        let unpacker = state.withLock { state in
            state.hash.update(data: bytes)
            return state.problem == nil ? state.unpacker : nil
        }
        guard let unpacker else { return }
        do {
            try await pool.runIfActive { try unpacker.append(bytes) }
        } catch {
            state.withLock { $0.problem = error }
        }
    }

    /// Ends the archive.
    ///
    /// - Parameter digest: SHA-256 of all bytes, in hex.
    /// - Throws: ``PodSideError``.
    func finish(expecting digest: String) async throws {
        let (unpacker, found, problem) = state.withLock { state in
            (
                state.unpacker, state.hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(),
                state.problem
            )
        }
        guard found == digest.lowercased() else {
            throw PodSideError("the source is not what was pushed: its SHA-256 is another one")
        }
        do {
            if let problem { throw problem }
            try await pool.runIfActive { try unpacker?.finish() }
        } catch {
            throw Self.meaning(error)
        }
    }

    private static func meaning(_ error: any Error) -> PodSideError {
        switch error {
        case let error as ArchiveError: PodSideError(error.description, blamesContent: error.blamesContent)
        case let error as TarError: PodSideError(error.description, blamesContent: error.blamesContent)
        default: PodSideError("the source cannot be unpacked: \(error)")
        }
    }
}
