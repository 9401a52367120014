import ObjectStorage
import Synchronization

/// Takes an object's content and sends it part by part; what fits in one request waits until the put ends.
final class S3ObjectWriter: ObjectWriter {
    private enum Phase {
        case idle(S3Upload)
        case writing
        case failed(any Error)
        case over
    }

    private let key: ObjectKey
    private let phase: Mutex<Phase>

    /// Makes a writer.
    ///
    /// - Parameters:
    ///   - key: For messages.
    ///   - upload: Where content goes.
    init(_ key: ObjectKey, _ upload: S3Upload) {
        self.key = key
        phase = Mutex(.idle(upload))
    }

    func write(_ bytes: [UInt8]) async throws {
        try Task.checkCancellation()
        var upload = try phase.withLock { phase in
            switch phase {
            case .idle(let upload):
                phase = .writing
                return upload
            case .failed(let error): throw error
            case .writing, .over: throw ObjectStoreError(.misuse, .put, key)
            }
        }
        do {
            try await upload.append(bytes)
        } catch {
            await upload.discard()
            phase.withLock { phase in
                if case .writing = phase { phase = .failed(error) }
            }
            throw error
        }
        let isOver = phase.withLock { phase in
            guard case .writing = phase else { return true }
            phase = .idle(upload)
            return false
        }
        // The put did not wait for this write, and so could not do it.
        if isOver { await upload.discard() }
    }

    /// Refuses all further writes.
    ///
    /// - Returns: What is to be completed.
    /// - Throws: The error of a write that failed, or one of kind `misuse` when a write has not returned.
    func end() throws -> S3Upload {
        try phase.withLock { phase in
            defer { phase = .over }
            switch phase {
            case .idle(let upload): return upload
            case .failed(let error): throw error
            case .writing, .over: throw ObjectStoreError(.misuse, .put, key)
            }
        }
    }

    /// Takes back what was sent; of no effect after ``end()``.
    func discard() async {
        let upload = phase.withLock { phase -> S3Upload? in
            defer { phase = .over }
            if case .idle(let upload) = phase { return upload }
            return nil
        }
        await upload?.discard()
    }
}
