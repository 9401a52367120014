package import Logging
import ObjectStorage

/// Removes what uploads that a crash interrupted have left in a bucket, again and again.
package struct StaleUploads: Sendable {
    private let age: Duration
    private let interval: Duration
    private let logger: Logger
    private let sleep: @Sendable (Duration) async throws -> Void
    private let remove: @Sendable (Duration) async throws -> Int

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - age: How old an upload must be, so that none is under way.
    ///   - interval: Between two looks, give or take a tenth; also before the first, so that a start has nothing to do with it.
    ///   - logger: Told of what went, and of failures, a line each.
    ///   - sleep: Waits; `Task.sleep` when nil.
    ///   - remove: Removes uploads of at least an age, and tells how many there were.
    package init(
        age: Duration, interval: Duration, logger: Logger, sleep: (@Sendable (Duration) async throws -> Void)? = nil,
        remove: @escaping @Sendable (Duration) async throws -> Int
    ) {
        self.age = age
        self.interval = interval
        self.logger = logger
        self.sleep = sleep ?? { try await Task.sleep(for: $0) }
        self.remove = remove
    }

    /// Does so until the task is cancelled.
    package func run() async {
        while (try? await sleep(interval * Double.random(in: 0.9...1.1))) != nil {
            do {
                let count = try await remove(age)
                if count > 0 { logger.notice("interrupted uploads removed", metadata: ["uploads": "\(count)"]) }
            } catch {
                guard !Task.isCancelled else { return }
                logger.error(
                    "interrupted uploads could not be removed; the next try is in \(interval)",
                    metadata: ["error": "\(error)", "detail": "\((error as? ObjectStoreError)?.detail ?? "")"])
            }
        }
    }
}
