/// Why a text or a blob is no public key that may be used here.
package enum PublicKeyError: Error, Equatable, CustomStringConvertible {
    case empty
    case tooLong(Int)
    case severalLines
    case privateKey
    case otherFormat
    case options
    case missingBlob
    case badBase64
    case dss
    case securityKey
    case certificate
    /// The name as it was given, in quotes and printable.
    case unknownAlgorithm(String)
    case otherAlgorithmInside(text: String, blob: String)
    case truncated
    case trailingBytes(Int)
    case wrongLength(PublicKey.Algorithm, expected: Int, found: Int)
    case otherCurveInside(PublicKey.Algorithm)
    case badPoint
    case badRSANumber
    case rsaSize(Int)

    package var description: String {
        switch self {
        case .empty:
            "the key is empty; expected a line such as \"ssh-ed25519 AAAA… name\" from a .pub file"
        case .tooLong(let length):
            "the key has \(length) bytes; at most \(PublicKey.maximumTextLength) are accepted"
        case .severalLines:
            "the key has more than one line or control characters in it; write one list item for each key"
        case .privateKey:
            "this is a PRIVATE key; write the line from the file ending in .pub, "
                + "and make a new pair if this file was shared"
        case .otherFormat:
            "this is not the one-line format of OpenSSH; convert it with: ssh-keygen -i -f FILE"
        case .options:
            "write only the key; options such as command=\"…\" or no-pty are not supported"
        case .missingBlob:
            "the key ends after its type; expected \"TYPE AAAA… name\""
        case .badBase64:
            "the part after the key type is not base64; was the line cut or wrapped when it was copied?"
        case .dss:
            "DSA keys (ssh-dss) are too weak and not accepted; make one with: ssh-keygen -t ed25519"
        case .securityKey:
            "security-key types (sk-…) are not supported; use ssh-ed25519, ECDSA or RSA"
        case .certificate:
            "certificates are not supported; write the plain public key"
        case .unknownAlgorithm(let name):
            "\(name) is no key type that is known; expected \(PublicKey.Algorithm.list)"
        case .otherAlgorithmInside(let text, let blob):
            "the line says \(text) but the key inside is \(blob)"
        case .truncated:
            "the key ends too early; was the line cut when it was copied?"
        case .trailingBytes(let count):
            "the key has \(count) bytes too many at its end"
        case .wrongLength(let algorithm, let expected, let found):
            "the \(algorithm) key has \(found) bytes inside; expected \(expected)"
        case .otherCurveInside(let algorithm):
            "the key says \(algorithm) but names another curve inside"
        case .badPoint:
            "the ECDSA key is not an uncompressed point (SEC 1 section 2.3.3)"
        case .badRSANumber:
            "the RSA key has a malformed number inside"
        case .rsaSize(let bits):
            "the RSA key has \(bits) bits; expected \(PublicKey.rsaBitRange.lowerBound) to "
                + "\(PublicKey.rsaBitRange.upperBound); make one with: ssh-keygen -t ed25519"
        }
    }
}
