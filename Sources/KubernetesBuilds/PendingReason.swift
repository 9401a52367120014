/// Why a build's pod does not run yet, in words for the person who pushed.
struct PendingReason: Sendable, Equatable {
    /// What kind of reason, which decides for how long it is worth waiting.
    enum Kind: Sendable, Equatable {
        /// No node takes it.
        case scheduling
        /// The namespace's quota is used up.
        case quota
        case pulling
        /// An image cannot be had at the moment.
        case image
        /// The registry says that there is no such image, or that it is not for us.
        case noImage
        /// A Secret, a volume or the like is missing, or the pod is not admitted.
        case configuration
        /// The node has trouble of its own.
        case node
    }

    /// What a reason of the kind ``Kind/scheduling`` begins with.
    static let waiting = "Waiting for a node: "

    let kind: Kind
    /// Begins with a capital letter, without a full stop.
    let text: String

    init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    /// The text in the middle of a sentence, for when nobody waits any more.
    var cause: String {
        let rest = text.hasPrefix(Self.waiting) ? text.dropFirst(Self.waiting.count) : text[...]
        return rest.prefix(1).lowercased() + rest.dropFirst()
    }
}
