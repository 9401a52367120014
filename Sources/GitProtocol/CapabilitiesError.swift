/// Why a client's capabilities cannot be read.
package enum CapabilitiesError: Error, Equatable, Sendable {
    case tooLong(Int)
    case tooMany(Int)
    case notText
}

extension CapabilitiesError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLong(let length):
            "a list of capabilities has at most \(Capabilities.maximumLength) bytes, the client's has \(length)"
        case .tooMany(let count):
            "a list of capabilities has at most \(Capabilities.maximumCount) words, the client's has \(count)"
        case .notText:
            "expected capabilities as plain text, got control characters or invalid UTF-8; is the client git?"
        }
    }
}
