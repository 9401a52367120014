/// Why a text is not the JSON that was expected.
///
/// Never repeats values: they may be secret.
package enum JSONProblem: Error, Equatable {
    case tooLong(limit: Int)
    case tooDeep
    case notJSON
    /// The value cannot be written as JSON.
    case noText
    /// It is JSON, and a value in it is missing or of another type.
    case unexpected(path: String, reason: String)

    /// Takes the place from a decoder's error.
    init(_ error: DecodingError) {
        switch error {
        case .typeMismatch(let type, let context):
            self = .unexpected(path: Self.path(context.codingPath), reason: "is not of type \(type)")
        case .valueNotFound(_, let context):
            self = .unexpected(path: Self.path(context.codingPath), reason: "is null")
        case .keyNotFound(let key, let context):
            self = .unexpected(path: Self.path(context.codingPath + [key]), reason: "is missing")
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            self = .unexpected(path: Self.path(context.codingPath), reason: "has a value that is not known here")
        default: self = .notJSON
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined().printable(200)
    }
}

extension JSONProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLong(let limit): "it is longer than \(limit) bytes"
        case .tooDeep: "it nests more than \(JSON.maximumDepth) deep"
        case .notJSON: "it is not JSON"
        case .noText: "it holds a number that JSON cannot express"
        case .unexpected(let path, let reason): "\(path) \(reason)"
        }
    }
}
