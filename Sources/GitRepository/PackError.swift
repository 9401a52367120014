package import GitProtocol

/// Why a pack was not taken in; the text is for the user who pushed.
package enum PackError: Error, Sendable, Equatable {
    case badHeader(PackHeaderError)
    case truncated
    case corrupt(String)
    case tooLarge(limit: Int64)
    case tooManyObjects(UInt32, limit: UInt32)
    /// A delta's base is neither in the pack nor here.
    case missingBase
    /// An object refers to one that was neither sent nor is here.
    case missingObject(ObjectID)
    /// An object is one that git's own check refuses.
    case badObject(String)
    case outOfMemory
    case outOfTime
    case noSpace
    case failed(String)
}

extension PackError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badHeader(let error): error.description
        case .truncated: "the pack ended too early; was the connection lost? push again"
        case .corrupt(let detail):
            "the pack is damaged: \(detail); push again, and run \"git fsck\" if it happens again"
        case .tooLarge(let limit):
            "the pack is larger than \(limit) bytes, the limit for one push; push in smaller steps, or keep large files elsewhere"
        case .tooManyObjects(let count, let limit):
            "the pack has \(count) objects, more than \(limit), the limit for one push; push in smaller steps"
        case .missingBase:
            "the pack builds on objects that are not here; run \"git fetch\" and push again"
        case .missingObject(let id):
            "the pack refers to object \(id), which was not sent and is not here; run \"git fsck\", and push from a full clone"
        case .badObject(let detail): "an object in the pack is not acceptable: \(detail)"
        case .outOfMemory:
            "unpacking needs more memory than a push is given; is there a huge file in it? keep large files elsewhere"
        case .outOfTime: "unpacking takes more processor time than a push is given; push in smaller steps"
        case .noSpace: "the server's disk is full; tell its operator, then push again"
        case .failed(let detail): "git could not unpack the pack: \(detail)"
        }
    }
}
