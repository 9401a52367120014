import ObjectStorage
import Synchronization

/// Remembers what a store was asked, in order, such as "put log".
final class Requests: Sendable {
    private let stored = Mutex<[String]>([])

    var all: [String] { stored.withLock { $0 } }

    /// Notes a request.
    ///
    /// - Returns: How often this one came, this time included.
    @discardableResult
    func note(_ operation: ObjectStoreError.Operation, _ key: ObjectKey?) -> Int {
        let name = key?.rawValue.split(separator: "/").last ?? "all"
        let request = "\(operation) \(name)"
        return stored.withLock { stored in
            stored.append(request)
            return stored.count { $0 == request }
        }
    }
}
