import Health
import Identifiers
package import ObjectStorage

/// Whether the object store takes, keeps and gives up an object: a tiny one, for real.
package struct ObjectStoreCheck: HealthCheck {
    package let name = "storage"
    package let title = "object storage"
    package let isNeededByPush = true

    /// Below here, apart from all apps; what a crash leaves there is a few bytes.
    static let folder = "health"

    private let store: any ObjectStore

    /// Makes a check of the store that pushes use.
    package init(store: any ObjectStore) { self.store = store }

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
            throw HealthProblem(
                cause: error.kind.inWords, detail: "\(error)" + (error.detail.map { " (\($0))" } ?? ""))
        }
    }
}

extension ObjectStoreError.Kind {
    /// What is wrong with a store that should have done a plain thing, for pushers.
    var inWords: String {
        switch self {
        case .noSpace: "no space is left"
        case .notAllowed: "access is refused"
        case .unresponsive: "no answer in time"
        case .notFound, .damaged, .tooLarge, .invalidRange: "it does not give back what it was given"
        case .unreachable: "its server cannot be reached"
        case .noSuchBucket: "its bucket does not exist"
        case .clockSkew: "this builder's clock and the storage's are too far apart"
        case .throttled: "it has too much to do"
        case .noCredentials: "this builder has no credentials for it"
        case .simulated: "a fault is simulated"
        case .conditionFailed, .misuse, .unavailable, .unsupported: "the server's log says why"
        }
    }

    /// What a pusher can do about it.
    var advice: String {
        switch self {
        case .noSpace, .notAllowed, .noSuchBucket, .noCredentials, .clockSkew:
            "whoever runs this builder has to act, so try again later"
        default: "try again in about 30 s"
        }
    }
}
