import Logging
import ObjectStorage
import Retries
import Synchronization

/// Copies a build's output into the object store while the client reads it.
///
/// The stored log is fed by a task of its own, so that a cancelled push still leaves the log so far. Either side slows
/// the build down; neither buffers more than ``BuildLogLimits`` say. A crash of the server leaves the parts that were
/// stored until then, which ``BuildLogReader`` reads.
final class BuildLog: BuildOutput {
    private let client: any BuildOutput
    private let limits: BuildLogLimits
    private let buffer: LogBuffer
    private let clientFailureText = Mutex<String?>(nil)
    private let storing: Task<ObjectMetadata, any Error>

    /// Starts to store the log of a build.
    ///
    /// - Parameters:
    ///   - store: Where to.
    ///   - keys: Of the build.
    ///   - client: Gets the same bytes.
    ///   - retry: For each request to the store; while one is tried again, the build waits.
    ///   - limits: How the log is kept.
    ///   - logger: Told what concerns operators only.
    init(
        store: any ObjectStore, keys: BuildKeys, client: any BuildOutput, retry: Retry = .never,
        limits: BuildLogLimits = BuildLogLimits(), logger: Logger = Logger(label: "builds")
    ) {
        self.client = client
        self.limits = limits
        let buffer = LogBuffer(capacity: limits.partSize, delay: limits.partDelay)
        self.buffer = buffer
        // Not a child task: it must outlive the cancellation of the push; `finish` ends it in every case.
        storing = Task {
            let parts = LogParts(store: store, keys: keys, limits: limits, logger: logger)
            return try await Self.store(buffer, as: parts, retry)
        }
    }

    func begin(_ activity: String) { client.begin(activity) }

    /// Why the client took no more output; `nil` while it does.
    var clientFailure: String? { clientFailureText.withLock { $0 } }

    /// How long ``finish()`` may take in all when each request to the store is answered, but slowly.
    var joiningTime: Duration {
        let total = buffer.total
        return limits.joining(bytes: total.bytes, parts: total.parts) + limits.tidying
    }

    /// Passes on output to the store and the client.
    ///
    /// - Throws: The store's error, or the client's.
    func write(_ bytes: [UInt8]) async throws {
        try await buffer.append(bytes)
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
        buffer.finish()
        return try await withTaskCancellationHandler {
            try await storing.value
        } onCancel: {
            storing.cancel()
        }
    }

    private static func store(
        _ buffer: LogBuffer, as parts: consuming LogParts, _ retry: Retry
    ) async throws -> ObjectMetadata {
        var parts = parts
        while true {
            let (bytes, isLast) = try await buffer.next()
            if isLast { return try await parts.finish(with: bytes, retry: retry) }
            do {
                try await parts.add(bytes, retry: retry)
            } catch {
                // The build ends by this. What it wrote until then is kept if the store works again when it has ended.
                buffer.fail(error)
                let rest = try await buffer.rest()
                try await parts.add(bytes, retry: .never)
                return try await parts.finish(with: rest, retry: .never)
            }
        }
    }
}
