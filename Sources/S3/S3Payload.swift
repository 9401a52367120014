import Crypto
import NIOCore

/// The body of a request, and its hash, which is signed.
struct S3Payload: Sendable {
    /// No body.
    static let empty = S3Payload(ByteBuffer(), sha256: SHA256.hash(data: [UInt8]()).hex)

    let bytes: ByteBuffer
    /// In hexadecimal.
    let sha256: String

    /// Makes a payload whose hash is known.
    ///
    /// - Parameters:
    ///   - bytes: All of it.
    ///   - sha256: In hexadecimal.
    init(_ bytes: ByteBuffer, sha256: String) {
        self.bytes = bytes
        self.sha256 = sha256
    }

    /// Makes a payload of a small document.
    ///
    /// - Parameter text: It is hashed here.
    init(_ text: String) {
        bytes = ByteBuffer(string: text)
        sha256 = SHA256.hash(data: Array(text.utf8)).hex
    }
}
