/// Why bytes are not the start of a pack.
package enum PackHeaderError: Error, Equatable, Sendable {
    /// The input ended after that many bytes.
    case truncated(Int)
    /// The text is what came in place of the signature, made printable.
    case badSignature(String)
    case unsupportedVersion(UInt32)
}

extension PackHeaderError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .truncated(0):
            "expected a pack, but the client sent nothing after its commands; push again"
        case .truncated(let count):
            "the pack ended after \(count) of the \(PackHeader.length) bytes of its header; push again"
        case .badSignature(let text):
            "expected a pack that starts with \"PACK\", got \"\(text)\"; is the client git?"
        case .unsupportedVersion(let version):
            "expected a pack of version 2 or 3, got version \(version); push with a current git"
        }
    }
}
