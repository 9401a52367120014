import Crypto
import Glibc

/// Makes and checks the URLs under which the server gives out objects of a directory, as S3 does with presigned ones.
///
/// A URL is `<base>/<key>?access=GET&expires=<seconds since 1970>&signature=<HMAC-SHA256 in hexadecimal>`.
package struct ObjectURLSigner: Sendable {
    /// Bytes of a secret, the size of the hash (RFC 2104 section 3).
    package static let minimumSecret = 32

    private let base: String
    private let secret: SymmetricKey

    /// Makes a signer.
    ///
    /// - Parameters:
    ///   - base: Where the server's objects are, as in `https://slipway.example.org/objects`; without "/" at its end.
    ///   - secret: At least ``minimumSecret`` random bytes, the same as long as URLs are to live.
    /// - Throws: ``ObjectStoreError`` of kind `misuse` when the secret is too short.
    package init(base: String, secret: [UInt8]) throws(ObjectStoreError) {
        guard secret.count >= Self.minimumSecret else {
            throw ObjectStoreError(.misuse, .presign, nil, detail: "the secret has \(secret.count) bytes")
        }
        self.base = base
        self.secret = SymmetricKey(data: secret)
    }

    /// Makes a URL.
    ///
    /// - Parameters:
    ///   - access: What it allows.
    ///   - key: On which object.
    ///   - lifetime: For how long, from now.
    /// - Returns: The URL.
    package func url(_ access: PresignedAccess, _ key: ObjectKey, for lifetime: Duration) -> String {
        let expiry = Self.now() + max(0, lifetime.components.seconds)
        let signature = Self.hexadecimal(code(access, key, expiry))
        // "+" and "=" are allowed in paths (RFC 3986 section 3.3), and so is all else that a key can have.
        return "\(base)/\(key)?access=\(access.rawValue)&expires=\(expiry)&signature=\(signature)"
    }

    /// Whether a URL of ours allows a request, now.
    ///
    /// - Parameters:
    ///   - access: The request's method.
    ///   - key: The object that the path names.
    ///   - expires: The parameter of that name.
    ///   - signature: The parameter of that name.
    /// - Returns: False for any reason; who asks is not told which.
    package func allows(_ access: PresignedAccess, _ key: ObjectKey, expires: String, signature: String) -> Bool {
        guard let expiry = Int64(expires), String(expiry) == expires, let sent = Self.bytes(signature) else {
            return false
        }
        let message = Self.message(access, key, expiry)
        // It compares in the same time wherever the difference is.
        let isOurs = HMAC<SHA256>.isValidAuthenticationCode(sent, authenticating: message, using: secret)
        return isOurs && Self.now() < expiry
    }

    private func code(_ access: PresignedAccess, _ key: ObjectKey, _ expiry: Int64) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Self.message(access, key, expiry), using: secret))
    }

    private static func message(_ access: PresignedAccess, _ key: ObjectKey, _ expiry: Int64) -> [UInt8] {
        Array("slipway-object-url-1\n\(access.rawValue)\n\(key)\n\(expiry)".utf8)
    }

    private static func now() -> Int64 {
        var value = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &value)
        return Int64(value.tv_sec)
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count == 64, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16)
        }
    }
}
