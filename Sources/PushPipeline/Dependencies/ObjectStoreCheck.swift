import Health
import Identifiers
package import ObjectStorage

/// Whether the object store takes, keeps and gives up an object: a tiny one, for real.
package struct ObjectStoreCheck: HealthCheck {
    package let name = "storage"
    package let title = "object storage"
    package let isNeededByPush: Bool

    /// Below here, apart from all apps; what a crash leaves there is a few bytes.
    static let folder = "health"

    private let store: any ObjectStore
    private let stuck: @Sendable () -> Int

    package var stuckThreads: Int { stuck() }

    /// Makes a check of the store that pushes use.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - isNeededByPush: Whether pushes do use it: where nothing is built they are kept in repositories alone.
    ///   - stuckThreads: How many of the check's threads are stuck in the store; must not wait.
    package init(
        store: any ObjectStore, isNeededByPush: Bool, stuckThreads: @escaping @Sendable () -> Int = { 0 }
    ) {
        self.store = store
        stuck = stuckThreads
        self.isNeededByPush = isNeededByPush
    }

    package func check() async throws {
        let content = Array("slipway \(PushID.generate())\n".utf8)
        do {
            let key = try ObjectKey("\(Self.folder)/\(PushID.generate())")
            try await store.put(key, bytes: content)
            let read = try await store.getAll(key, limit: 2 * content.count)
            try await store.delete([key])
            guard read == content else {
                throw HealthProblem(cause: "it does not give back what it was given", detail: "\(key)")
            }
        } catch let error as ObjectStoreError {
            throw HealthProblem(cause: error.cause, detail: error.logText)
        }
    }
}
