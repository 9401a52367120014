import Logging

/// Removes what uploads that a crash interrupted have left in a bucket, again and again.
struct StaleUploads: Sendable {
    let stores: ObjectStores
    let age: Duration
    let interval: Duration
    let logger: Logger

    /// Does so until the task is cancelled; first after one interval, so that a start has nothing to do with it.
    func run() async {
        while (try? await Task.sleep(for: interval * Double.random(in: 0.9...1.1))) != nil {
            do {
                let count = try await stores.removeStaleUploads(olderThan: age)
                if count > 0 { logger.notice("interrupted uploads removed", metadata: ["uploads": "\(count)"]) }
            } catch {
                guard !Task.isCancelled else { return }
                logger.error("interrupted uploads could not be removed", metadata: ["error": "\(error)"])
            }
        }
    }
}
