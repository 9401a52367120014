import BlockingPool
import Glibc
import NIOPosix
import SystemCalls

extension FileObjectStore {
    /// Deletes may prune the directory that a put is about to use, again and again; after so many it gives up.
    private static let maximumTries = 100

    @discardableResult
    package func put(
        _ key: ObjectKey, condition: PutCondition, body: @Sendable (any ObjectWriter) async throws -> Void
    ) async throws -> ObjectMetadata {
        try Task.checkCancellation()
        let opening = self.layout
        let (layout, temporary) = try await run(.put, key.rawValue) {
            let layout = try opening.opened()
            return (layout, try TemporaryFile(in: layout))
        }
        do {
            let writer = FileObjectWriter(key, target: temporary, store: self)
            try await body(writer)
            try Task.checkCancellation()
            try writer.end()
            try await run(.put, key.rawValue, within: Self.synchronizationPatience) { try writer.complete() }
            // A step of its own: what was given up while the disk took its time is not committed later.
            return try await run(.put, key.rawValue) { try Self.commit(temporary, as: key, condition, layout) }
        } catch {
            await discard(temporary, after: error)
            throw error
        }
    }

    private func discard(_ temporary: TemporaryFile, after error: any Error) async {
        if (error as? ObjectStoreError)?.kind == .unresponsive {
            // Some day, when the file system answers; the caller has waited long enough.
            pool.submit { _ in temporary.discard() }
        } else {
            await pool.runAlways { temporary.discard() }
        }
    }

    private static func commit(
        _ temporary: TemporaryFile, as key: ObjectKey, _ condition: PutCondition, _ layout: FileLayout
    ) throws -> ObjectMetadata {
        let (directories, name) = key.place
        // What must exist has its directories; making them would leave empty ones behind.
        let creating = if case .ifMatch = condition { false } else { true }
        return try layout.withLock(key) {
            for _ in 0..<maximumTries {
                do throws(SystemCallError) {
                    let parent = try layout.directory(directories, creating: creating)
                    guard try holds(condition, name, in: parent),
                        try temporary.move(to: name, in: parent, replacing: condition != .ifAbsent)
                    else { throw SystemCallError(call: "condition", code: EEXIST) }
                    try parent.synchronize()
                    return ObjectMetadata(key, temporary.file, try temporary.file.status())
                } catch {
                    let isMissing = error.code == ENOENT && !creating
                    if error.code == EEXIST || isMissing { throw ObjectStoreError(.conditionFailed, .put, key) }
                    guard error.code == ENOENT else { throw error }
                }
            }
            throw ObjectStoreError(.unavailable, .put, key, detail: "its directory vanishes again and again")
        }
    }

    private static func holds(
        _ condition: PutCondition, _ name: String, in parent: borrowing OwnedDescriptor
    ) throws(SystemCallError) -> Bool {
        guard case .ifMatch(let etag) = condition else { return true }
        do throws(SystemCallError) {
            let file = try OwnedDescriptor.open(name, in: parent, flags: O_RDONLY | O_NONBLOCK)
            let status = try file.status()
            return status.st_mode & S_IFMT == S_IFREG && FileTag.read(file, status) == etag
        } catch {
            if error.code == ENOENT { return false }
            throw error
        }
    }
}
