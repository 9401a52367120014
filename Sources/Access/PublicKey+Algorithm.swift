import StrictYAML

extension PublicKey {
    /// The key types that may log in; the raw value is the name on the wire (RFC 4253 section 6.6, RFC 5656, RFC 8709).
    package enum Algorithm: String, Sendable, CaseIterable, CustomStringConvertible {
        case ed25519 = "ssh-ed25519"
        case ecdsa256 = "ecdsa-sha2-nistp256"
        case ecdsa384 = "ecdsa-sha2-nistp384"
        case ecdsa521 = "ecdsa-sha2-nistp521"
        case rsa = "ssh-rsa"

        package var description: String { rawValue }

        /// All names, for messages.
        static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

        /// The name of the curve inside an ECDSA blob (RFC 5656 section 10.1); `nil` for the others.
        var curve: String? {
            switch self {
            case .ecdsa256: "nistp256"
            case .ecdsa384: "nistp384"
            case .ecdsa521: "nistp521"
            case .ed25519, .rsa: nil
            }
        }

        /// The length of an uncompressed point on the curve in bytes: a 4, and two coordinates.
        var pointLength: Int {
            switch self {
            case .ecdsa256: 1 + 2 * 32
            case .ecdsa384: 1 + 2 * 48
            case .ecdsa521: 1 + 2 * 66
            case .ed25519, .rsa: 0
            }
        }

        /// Finds the type by its name on the wire, and says why when it is none of ours.
        static func named(_ name: String) throws(PublicKeyError) -> Algorithm {
            if let algorithm = Algorithm(rawValue: name) { return algorithm }
            if name.contains("-cert-v0") { throw .certificate }
            if name.hasPrefix("sk-") { throw .securityKey }
            if name == "ssh-dss" { throw .dss }
            throw .unknownAlgorithm(name.quoted)
        }

        /// Whether the word is the name of any key type, ours or not.
        static func isTypeName(_ word: Substring) -> Bool {
            word.hasPrefix("ssh-") || word.hasPrefix("ecdsa-sha2-") || word.hasPrefix("sk-")
        }
    }
}
