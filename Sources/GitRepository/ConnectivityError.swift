package import GitProtocol

/// Why the objects of a push do not hang together; the text is for the user who pushed.
package enum ConnectivityError: Error, Sendable, Equatable, CustomStringConvertible {
    /// An object that is referred to is neither in the push nor here.
    case missing(ObjectID)
    case failed(String)

    package var description: String {
        switch self {
        case .missing(let id):
            "the push needs object \(id), which was not sent and is not here; run \"git fsck\", and push from a full clone"
        case .failed(let detail): "git could not follow the pushed history: \(detail)"
        }
    }
}
