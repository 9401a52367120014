/// Why a store did not do what it was asked to.
package struct ObjectStoreError: Error, Equatable, Sendable {
    /// What a caller can tell apart.
    package enum Kind: Sendable, Equatable {
        case notFound
        /// Somebody else was first, or changed the object.
        case conditionFailed
        case invalidRange
        case tooLarge
        case noSpace
        /// The store's permissions, or something that is no object stands in the place.
        case notAllowed
        /// The object is there but cannot be read whole.
        case damaged
        /// A mistake of the calling code.
        case misuse
        /// Anything else; trying again later may help.
        case unavailable
    }

    /// What was asked.
    package enum Operation: String, Sendable {
        case open, put, get, head, delete, list
    }

    package let kind: Kind
    package let operation: Operation
    /// The key, or the prefix of a listing.
    package let key: String?
    /// For the log: the system's own words and such; not for users, it may name places on the host.
    package let detail: String?

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - kind: What a caller can tell apart.
    ///   - operation: What was asked.
    ///   - key: The object.
    ///   - detail: For the log.
    package init(_ kind: Kind, _ operation: Operation, _ key: ObjectKey?, detail: String? = nil) {
        self.init(kind, operation, text: key?.rawValue, detail: detail)
    }

    init(_ kind: Kind, _ operation: Operation, text: String?, detail: String?) {
        self.kind = kind
        self.operation = operation
        self.key = text
        self.detail = detail
    }
}

extension ObjectStoreError: CustomStringConvertible {
    /// What happened and what to do, without places on the host.
    package var description: String {
        let name = key.map { $0.isEmpty ? "all objects" : $0 } ?? "the store"
        return "object store: cannot \(operation.rawValue) \(name): \(reason)"
    }

    private var reason: String {
        switch kind {
        case .notFound: "there is no such object; it may have been deleted"
        case .conditionFailed: "it was created or changed by another writer meanwhile; read it again and decide anew"
        case .invalidRange: "the range is empty or starts behind the object's end; ask for its size first"
        case .tooLarge: "it is larger than expected here; read it as a stream"
        case .noSpace: "no space is left; the operator has to free some or add some"
        case .notAllowed: "access was refused; the operator has to check the store's permissions, and what stands there"
        case .damaged: "its content is shorter than recorded; put it again"
        case .misuse: "one write must return before the next, and all before the put ends; this is a bug in Slipway"
        case .unavailable: "the store does not work now; try again, and have the operator look at the server's log"
        }
    }
}
