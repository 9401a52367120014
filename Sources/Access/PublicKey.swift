import Crypto
import FoundationEssentials

/// A user's public key: checked down to its last byte, so that one key has one blob.
///
/// Two keys are equal when their blobs are; the comment is for people.
package struct PublicKey: Sendable {
    /// The sizes of RSA keys in bits: below, they can be broken; above, OpenSSH refuses them as well, and each
    /// verification would cost tens of milliseconds.
    package static let rsaBitRange = 2048...16384

    /// The longest line that is looked at, in bytes: the largest RSA key takes about 2,800, the rest is comment.
    static let maximumTextLength = 16384

    /// The type of the key.
    package let algorithm: Algorithm

    /// The key in the wire format of RFC 4253 section 6.6, as libssh and `ssh-keygen` give it.
    package let blob: [UInt8]

    /// What came after the key on its line; empty when nothing did.
    package let comment: String

    /// The size of the modulus in bits; `nil` for the other types.
    package let rsaBits: Int?

    /// Reads a key in wire format.
    ///
    /// - Parameter blob: The bytes of the key, with nothing before or after them.
    /// - Throws: ``PublicKeyError`` that says what is wrong with it.
    package init(blob: [UInt8]) throws(PublicKeyError) {
        try self.init(blob: blob, comment: "")
    }

    init(blob: [UInt8], comment: String) throws(PublicKeyError) {
        var reader = WireReader(blob)
        let name = String(decoding: try reader.string(), as: UTF8.self)
        let algorithm = try Algorithm.named(name)
        var bits: Int?
        switch algorithm {
        case .ed25519:
            // RFC 8709 section 4: 32 bytes.
            let key = try reader.string()
            guard key.count == 32 else {
                throw .wrongLength(algorithm, expected: 32, found: key.count)
            }
        case .ecdsa256, .ecdsa384, .ecdsa521:
            let curve = try reader.string()
            guard let expected = algorithm.curve, curve.elementsEqual(expected.utf8) else {
                throw .otherCurveInside(algorithm)
            }
            let point = try reader.string()
            guard point.count == algorithm.pointLength else {
                throw .wrongLength(algorithm, expected: algorithm.pointLength, found: point.count)
            }
            guard point.first == 4 else { throw .badPoint }
        case .rsa:
            bits = try Self.readRSA(&reader)
        }
        guard reader.isAtEnd else { throw .trailingBytes(reader.remaining) }
        self.algorithm = algorithm
        self.blob = blob
        self.comment = comment
        rsaBits = bits
    }

    private static func readRSA(_ reader: inout WireReader) throws(PublicKeyError) -> Int {
        let exponent = try reader.positiveInteger()
        let modulus = try reader.positiveInteger()
        // OpenSSL refuses exponents above 64 bits in large keys; an even number or 1 is no RSA key.
        guard exponent.count <= 8, let low = exponent.last, low & 1 == 1, exponent.count > 1 || low > 1,
            let first = modulus.first, let last = modulus.last, last & 1 == 1
        else { throw .badRSANumber }
        let bits = modulus.count * 8 - first.leadingZeroBitCount
        guard rsaBitRange.contains(bits) else { throw .rsaSize(bits) }
        return bits
    }

    /// The fingerprint as `ssh-keygen -l` prints it: `SHA256:` and unpadded base64.
    package var fingerprint: String {
        let text = Data(SHA256.hash(data: blob)).base64EncodedString()
        return "SHA256:" + text.prefix { $0 != "=" }
    }
}

extension PublicKey: Hashable {
    package static func == (left: PublicKey, right: PublicKey) -> Bool { left.blob == right.blob }

    package func hash(into hasher: inout Hasher) { hasher.combine(blob) }
}
