import Crypto

/// Compares what is read with the hash that the server keeps.
struct ContentCheck: Sendable {
    private enum Hash: Sendable {
        case none
        case sha256(SHA256)
        case md5(Insecure.MD5)
        case crc32(CRC32)
        /// SHA-256 of each part's SHA-256, as S3 has it for objects in parts.
        case sha256OfParts(PartedHash<SHA256>)
        case md5OfParts(PartedHash<Insecure.MD5>)
    }

    private var hash: Hash
    private let expected: String

    /// For what has no hash, such as a range.
    static let none = ContentCheck(hash: .none, expected: "")

    private init(hash: Hash, expected: String) {
        self.hash = hash
        self.expected = expected
    }

    /// Chooses the best hash that an answer offers.
    ///
    /// - Parameters:
    ///   - response: To a request for the whole object.
    ///   - etagIsMD5: Whether this server's etags are MD5s.
    init(_ response: S3Response, etagIsMD5: Bool) {
        let etag = response.etag ?? ""
        let isWhole = !etag.contains("-")
        let partSize = response.header(S3Header.partSize).flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        let sha256 = response.header(S3Header.sha256)
        let isComposite = response.header("x-amz-checksum-type") != "FULL_OBJECT"
        if let sha256, isWhole || !isComposite {
            self.init(hash: .sha256(SHA256()), expected: sha256)
        } else if let sha256, let partSize {
            // Some servers leave the number of parts out.
            let digest = String(sha256.prefix { $0 != "-" })
            self.init(hash: .sha256OfParts(PartedHash(size: partSize)), expected: digest)
        } else if let crc32 = response.header(S3Header.crc32), isWhole || !isComposite {
            self.init(hash: .crc32(CRC32()), expected: crc32)
        } else if etagIsMD5, response.hasMD5, ETag.isMD5(etag) {
            self.init(hash: .md5(Insecure.MD5()), expected: etag.lowercased())
        } else if etagIsMD5, response.hasMD5, !isWhole, let partSize {
            self.init(hash: .md5OfParts(PartedHash(size: partSize)), expected: String(etag.prefix { $0 != "-" }))
        } else {
            self = .none
        }
    }

    /// Adds bytes, in their order.
    mutating func update(_ bytes: [UInt8]) {
        // Taken out meanwhile, so that the hash is changed in place rather than copied.
        switch exchange(.none) {
        case .none: break
        case .sha256(var value):
            value.update(data: bytes)
            hash = .sha256(value)
        case .md5(var value):
            value.update(data: bytes)
            hash = .md5(value)
        case .crc32(var value):
            value.update(bytes)
            hash = .crc32(value)
        case .sha256OfParts(var value):
            value.update(bytes)
            hash = .sha256OfParts(value)
        case .md5OfParts(var value):
            value.update(bytes)
            hash = .md5OfParts(value)
        }
    }

    /// Whether all that came is what the server's hash is of.
    func holds() -> Bool {
        switch hash {
        case .none: true
        case .sha256(let value): Base64.encode(value.finalize()) == expected
        case .md5(let value): value.finalize().hex == expected
        case .crc32(let value): Base64.encode((0..<4).map { UInt8(value.value >> (24 - 8 * $0) & 255) }) == expected
        case .sha256OfParts(let value): Base64.encode(value.digest()) == expected
        case .md5OfParts(let value): value.digest().hex == expected
        }
    }

    private mutating func exchange(_ other: Hash) -> Hash {
        defer { hash = other }
        return hash
    }
}
