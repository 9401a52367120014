import Crypto
import Synchronization
import SystemCalls

/// Collects an object's content, and writes and hashes it on the thread pool in large pieces.
final class FileObjectWriter: ObjectWriter {
    /// Small writes, such as lines of a log, are collected up to this many bytes.
    private static let bufferSize = 256 << 10

    private enum Phase {
        case idle, writing, over
        case failed(ObjectStoreError)
    }

    private struct State {
        var phase = Phase.idle
        var buffer: [UInt8] = []
    }

    private let key: ObjectKey
    private let target: TemporaryFile
    private let store: FileObjectStore
    private let state = Mutex(State())
    /// Only touched on the thread pool, by one job at a time.
    private let hash = Mutex(SHA256())

    /// Makes a writer.
    ///
    /// - Parameters:
    ///   - key: For messages.
    ///   - target: Where the bytes go.
    ///   - store: Whose thread pool it uses.
    init(_ key: ObjectKey, target: TemporaryFile, store: FileObjectStore) {
        self.key = key
        self.target = target
        self.store = store
    }

    func write(_ bytes: [UInt8]) async throws {
        try Task.checkCancellation()
        let full: [UInt8]? = try state.withLock { state in
            try checkIdle(state.phase)
            state.buffer += bytes
            guard state.buffer.count >= Self.bufferSize else { return nil }
            state.phase = .writing
            return Self.take(&state.buffer)
        }
        guard let full else { return }
        do {
            try await store.run(.put, key.rawValue) { try self.flush(full) }
        } catch let error as ObjectStoreError {
            state.withLock { state in state.phase = .failed(error) }
            throw error
        }
        state.withLock { state in
            if case .writing = state.phase { state.phase = .idle }
        }
    }

    /// Refuses all further writes.
    ///
    /// - Throws: ``ObjectStoreError``: that of a write that failed, or of kind `misuse` when one has not returned.
    func end() throws {
        try state.withLock { state in
            defer { state.phase = .over }
            try checkIdle(state.phase)
        }
    }

    private func checkIdle(_ phase: Phase) throws(ObjectStoreError) {
        switch phase {
        case .idle: return
        case .failed(let error): throw error
        case .writing, .over: throw ObjectStoreError(.misuse, .put, key)
        }
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
        try target.file.write(bytes)
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
