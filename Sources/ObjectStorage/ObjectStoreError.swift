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
        /// Where the store keeps its directories stands something else: no waiting helps.
        case noDirectory
        /// This process has no file descriptor left.
        case noDescriptors
        /// The file system is mounted for reading only.
        case readOnly
        /// The object is there but what is read is not what was put, or it cannot be read whole.
        case damaged
        /// No connection to the store's server, or none that lasts.
        case unreachable
        case noSuchBucket
        /// The server's clock and ours are too far apart for signatures to hold.
        case clockSkew
        /// The server wants fewer requests.
        case throttled
        /// There is nothing to prove to the server who asks.
        case noCredentials
        /// This store cannot do what was asked, or is not set up for it.
        case unsupported
        /// A mistake of the calling code.
        case misuse
        /// There was no answer in time; what was asked may still happen.
        case unresponsive
        /// A fault on purpose, for a drill.
        case simulated
        /// Anything else; trying again later may help.
        case unavailable
    }

    /// What was asked.
    package enum Operation: String, Sendable {
        case open, put, get, head, delete, list, presign
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

    /// Makes an error about a key or a prefix.
    ///
    /// - Parameters:
    ///   - kind: What a caller can tell apart.
    ///   - operation: What was asked.
    ///   - text: The key, or the prefix of a listing.
    ///   - detail: For the log.
    package init(_ kind: Kind, _ operation: Operation, text: String?, detail: String?) {
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
        case .noDirectory: "what stands in the place of one of its directories is none; the operator has to remove it"
        case .noDescriptors: "this server has no file descriptor left; the operator has to raise its limit (ulimit -n)"
        case .readOnly: "it cannot be written to; the operator has to mount its file system for writing"
        case .damaged: "its content is not what was recorded; put it again"
        case .unreachable: "the store's server does not answer; try again, and have the operator check that it runs"
        case .noSuchBucket: "the store's bucket does not exist; the operator has to make it, or correct its name"
        case .clockSkew: "this machine's clock differs from the store's; the operator has to set the clocks right"
        case .throttled: "the store has too much to do; try again later"
        case .noCredentials: "the server has no credentials for the store; the operator has to provide them"
        case .unsupported: "the store cannot do that, or is not set up for it; the operator has to look at its settings"
        case .misuse: "one write must return before the next, and all before the put ends; this is a bug in Slipway"
        case .unresponsive:
            "the store did not answer in time; try again, and have the operator look at the server's log"
        case .simulated: "a fault is simulated; whoever runs the drill ends it"
        case .unavailable: "the store does not work now; try again, and have the operator look at the server's log"
        }
    }
}
