/// Why a document was not read.
enum XMLError: Error, Equatable {
    case tooLarge(limit: Int)
    case tooDeep(limit: Int)
    case tooManyElements(limit: Int)
    /// S3 sends no document types; those of others can name files or grow without end.
    case documentType
    case malformed(at: Int)
}

extension XMLError: CustomStringConvertible {
    var description: String {
        switch self {
        case .tooLarge(let limit): "the answer has more than \(limit) bytes"
        case .tooDeep(let limit): "the answer has more than \(limit) elements within each other"
        case .tooManyElements(let limit): "the answer has more than \(limit) elements"
        case .documentType: "the answer has a document type, which S3 never sends"
        case .malformed(let offset): "the answer is no XML: unexpected text at byte \(offset)"
        }
    }
}
