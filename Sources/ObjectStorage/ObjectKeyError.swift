/// Why a text is no object key.
package enum ObjectKeyError: Error, Equatable, CustomStringConvertible {
    case empty
    case tooLong(Int)
    case emptySegment
    case segmentTooLong(Int)
    case hiddenSegment
    case badCharacter

    package var description: String {
        switch self {
        case .empty:
            "an object key is missing; expected something like \"apps/blog/builds/1/log\""
        case .tooLong(let length):
            "an object key has at most \(ObjectKey.maximumLength) bytes, this one has \(length)"
        case .emptySegment:
            "an object key neither starts nor ends with \"/\", and has no \"//\""
        case .segmentTooLong(let length):
            "a part of an object key has at most \(ObjectKey.maximumSegmentLength) bytes, this one has \(length)"
        case .hiddenSegment:
            "no part of an object key starts with \".\""
        case .badCharacter:
            "an object key has only letters, digits and . _ = + - between its slashes"
        }
    }
}
