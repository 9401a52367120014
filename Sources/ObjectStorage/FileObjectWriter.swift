import Crypto
import Synchronization

/// Collects an object's content, and writes and hashes it on the thread pool in large pieces.
final class FileObjectWriter: ObjectWriter {
    /// Small writes, such as lines of a log, are collected up to this many bytes.
    private static let bufferSize = 256 << 10

    private enum Phase {
        case idle, writing, over
    }

    private struct State {
        var phase = Phase.idle
        var buffer: [UInt8] = []
    }

    private let key: ObjectKey
    private let target: TemporaryFile
    private let pool: BlockingPool
    private let state = Mutex(State())
    /// Only touched on the thread pool, by one job at a time.
    private let hash = Mutex(SHA256())

    /// Makes a writer.
    ///
    /// - Parameters:
    ///   - key: For messages.
    ///   - target: Where the bytes go.
    ///   - pool: Where it may block.
    init(_ key: ObjectKey, target: TemporaryFile, pool: BlockingPool) {
        self.key = key
        self.target = target
        self.pool = pool
    }

    func write(_ bytes: [UInt8]) async throws {
        try Task.checkCancellation()
        let full: [UInt8]? = try state.withLock { state in
            guard state.phase == .idle else { throw ObjectStoreError(.misuse, .put, key) }
            state.buffer += bytes
            guard state.buffer.count >= Self.bufferSize else { return nil }
            state.phase = .writing
            return Self.take(&state.buffer)
        }
        guard let full else { return }
        // After an error the phase stays, and no write can follow.
        try await pool.run { try self.flush(full) }
        state.withLock { state in
            if state.phase == .writing { state.phase = .idle }
        }
    }

    /// Refuses all further writes.
    ///
    /// - Throws: ``ObjectStoreError`` of kind `misuse` when a write has not returned or has failed.
    func end() throws(ObjectStoreError) {
        let wasIdle = state.withLock { state in
            defer { state.phase = .over }
            return state.phase == .idle
        }
        guard wasIdle else { throw ObjectStoreError(.misuse, .put, key) }
    }

    /// Writes the rest and waits until the disk has all of it; blocks.
    ///
    /// - Throws: ``SystemCallError``.
    func complete() throws(SystemCallError) {
        try flush(state.withLock { state in Self.take(&state.buffer) })
        let digest = hash.withLock { hash in hash.finalize() }
        try FileTag.store(digest.map(Self.hexadecimal).joined(), on: target.file)
        try target.file.synchronize()
    }

    private func flush(_ bytes: [UInt8]) throws(SystemCallError) {
        hash.withLock { hash in hash.update(data: bytes) }
        try target.write(bytes)
    }

    private static func take(_ buffer: inout [UInt8]) -> [UInt8] {
        defer { buffer = [] }
        return buffer
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }
}
