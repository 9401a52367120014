import Crypto
import NIOCore

/// The body of an upload and its hashes.
struct FinishedPiece: Sendable {
    let bytes: ByteBuffer
    let sha256: [UInt8]
    /// The memory that it takes; an empty one takes none.
    let share: BudgetShare?

    /// As the body of a request.
    var payload: S3Payload { S3Payload(bytes, sha256: sha256.hex) }

    /// The header that has the server check it.
    var checksum: (name: String, value: String) { (S3Header.sha256, Base64.encode(sha256)) }

    /// The MD5 in hexadecimal; dear, so computed only where nothing else proves what the server has.
    var md5: String {
        var hash = Insecure.MD5()
        unsafe bytes.withUnsafeReadableBytes { buffer in unsafe hash.update(bufferPointer: buffer) }
        return hash.finalize().hex
    }

    /// Looks whether what the server stored is what was sent.
    ///
    /// - Parameters:
    ///   - response: To the upload.
    ///   - configuration: Says whether etags tell.
    /// - Returns: The etag.
    /// - Throws: ``S3Failure``.
    func verify(_ response: S3Response, _ configuration: S3Configuration) throws -> String {
        guard let etag = response.etag else { throw S3Failure(.nonsense("the answer to an upload has no ETag")) }
        if let stored = response.header(S3Header.sha256) {
            guard stored == checksum.value else {
                throw S3Failure(.damaged("the server's SHA-256 \(stored) is not that of what was sent"))
            }
        } else if configuration.etagIsMD5, response.hasMD5, ETag.isMD5(etag), etag.lowercased() != md5 {
            throw S3Failure(
                .damaged(
                    "the ETag \(etag) is not the MD5 of what was sent; check the network and its proxies, "
                        + "or set s3.etag-is-md5 to off, if this server's ETags are no MD5s"))
        }
        return etag
    }
}
