import Logging
import ObjectStorage
import Retries

/// A log in the object store: part after part while its build runs, then one object.
///
/// A part is never changed once it is there, so that a put which a hanging store does much later does no harm.
struct LogParts: Sendable {
    /// How many parts are read at once when they are joined: a build that says little makes small ones.
    private static let maximumReads = 16

    let store: any ObjectStore
    let keys: BuildKeys
    let limits: BuildLogLimits
    let logger: Logger
    /// Bytes of each part that is stored.
    private(set) var sizes: [Int] = []

    init(store: any ObjectStore, keys: BuildKeys, limits: BuildLogLimits, logger: Logger) {
        self.store = store
        self.keys = keys
        self.limits = limits
        self.logger = logger
    }

    /// Stores the next part.
    ///
    /// - Throws: `ObjectStoreError`, `CancellationError`; the same bytes can be added again then.
    mutating func add(_ bytes: [UInt8], retry: Retry) async throws {
        guard sizes.count < BuildKeys.maximumLogParts else {
            throw ObjectStoreError(.tooLarge, .put, keys.log, detail: "more than \(BuildKeys.maximumLogParts) parts")
        }
        try await put(keys.logPart(sizes.count + 1), bytes, retry)
        sizes.append(bytes.count)
    }

    /// Stores the last bytes and makes one object of all; the parts are gone then.
    ///
    /// - Returns: The whole log.
    /// - Throws: `ObjectStoreError`, `CancellationError`; the parts stay then.
    mutating func finish(with rest: [UInt8], retry: Retry) async throws -> ObjectMetadata {
        guard !sizes.isEmpty else { return try await put(keys.log, rest, retry) }
        if !rest.isEmpty { try await add(rest, retry: retry) }
        let log = try await join(retry)
        await deleteParts()
        return log
    }

    private func join(_ retry: Retry) async throws -> ObjectMetadata {
        try await retry.run {
            try await store.put(keys.log, condition: .always) { writer in try await copy(to: writer) }
        }
    }

    @discardableResult
    private func put(_ key: ObjectKey, _ bytes: [UInt8], _ retry: Retry) async throws -> ObjectMetadata {
        try await retry.run {
            do {
                return try await withTimeLimit(limits.patience) { [store] in try await store.put(key, bytes: bytes) }
            } catch let error as TimeLimitError {
                throw ObjectStoreError(.unresponsive, .put, key, detail: "\(error)")
            }
        }
    }

    private func copy(to writer: any ObjectWriter) async throws {
        var next = 0
        while next < sizes.count {
            let batch = batch(from: next)
            for part in try await read(batch) { try await writer.write(part) }
            next = batch.upperBound
        }
    }

    /// One large part, or some small ones that take no more memory than that.
    private func batch(from start: Int) -> Range<Int> {
        var (end, bytes) = (start, 0)
        while end < sizes.count, end - start < Self.maximumReads, end == start || bytes + sizes[end] <= limits.partSize
        {
            bytes += sizes[end]
            end += 1
        }
        return start..<end
    }

    private func read(_ batch: Range<Int>) async throws -> [[UInt8]] {
        try await withThrowingTaskGroup(of: (index: Int, bytes: [UInt8]).self) { group in
            for index in batch { group.addTask { (index, try await read(index)) } }
            var parts = [[UInt8]](repeating: [], count: batch.count)
            for try await part in group { parts[part.index - batch.lowerBound] = part.bytes }
            return parts
        }
    }

    private func read(_ index: Int) async throws -> [UInt8] {
        let key = try keys.logPart(index + 1)
        let bytes = try await store.getAll(key, limit: sizes[index])
        guard bytes.count == sizes[index] else {
            throw ObjectStoreError(.damaged, .get, key, detail: "\(bytes.count) bytes, \(sizes[index]) were put")
        }
        return bytes
    }

    private func deleteParts() async {
        do {
            let all = try (1...sizes.count).map { try keys.logPart($0) }
            try await withTimeLimit(limits.tidying) { [store] in try await store.delete(all) }
        } catch {
            // They say nothing that the log does not, and go when the build's other objects do.
            logger.warning(
                "the parts of a log could not be deleted", metadata: ["log": "\(keys.log)", "error": "\(error)"])
        }
    }
}
