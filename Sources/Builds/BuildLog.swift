import ObjectStorage
import Synchronization

/// Copies a build's output into the object store while the client reads it.
///
/// The stored log is fed by a task of its own, so that a cancelled push still leaves the log so far. Either side slows
/// the build down; neither buffers it.
final class BuildLog: BuildOutput {
    private let client: any BuildOutput
    private let channel = ChunkChannel()
    private let clientFailureText = Mutex<String?>(nil)
    private let storing: Task<ObjectMetadata, any Error>

    /// Starts to store the log under `key`.
    init(store: any ObjectStore, key: ObjectKey, client: any BuildOutput) {
        self.client = client
        // Not a child task: it must outlive the cancellation of the push; `finish` ends it in every case.
        storing = Task { [channel] in
            do {
                return try await store.put(key, condition: .always) { writer in
                    while let chunk = try await channel.next() { try await writer.write(chunk) }
                }
            } catch {
                channel.fail(error)
                throw error
            }
        }
    }

    /// Why the client took no more output; `nil` while it does.
    var clientFailure: String? { clientFailureText.withLock { $0 } }

    /// Passes on output to the store and the client.
    ///
    /// - Throws: The store's error, or the client's.
    func write(_ bytes: [UInt8]) async throws {
        try await channel.send(bytes)
        do {
            try await client.write(bytes)
        } catch {
            // A write that was cancelled says nothing about the client.
            if error is CancellationError { throw error }
            clientFailureText.withLock { $0 = $0 ?? String(describing: error) }
            throw error
        }
    }

    /// Commits the log.
    ///
    /// - Returns: What was stored.
    /// - Throws: The store's error; `CancellationError` when the calling task is cancelled first.
    func finish() async throws -> ObjectMetadata {
        channel.finish()
        return try await withTaskCancellationHandler {
            try await storing.value
        } onCancel: {
            storing.cancel()
        }
    }
}
