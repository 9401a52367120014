import Crypto
import NIOCore

/// Bytes that are collected for one request, hashed as they come.
struct UploadPiece: Sendable {
    /// From this size on room for a whole part is taken, so that growing does not copy megabytes again and again.
    private static let largeSize = 256 << 10

    private(set) var bytes = ByteBuffer()
    private var sha256 = SHA256()

    /// Adds bytes.
    ///
    /// - Parameters:
    ///   - more: Within what fits in a part.
    ///   - partSize: The most that will be collected.
    mutating func append(_ more: ArraySlice<UInt8>, partSize: Int) {
        if bytes.readableBytes + more.count > Self.largeSize { bytes.reserveCapacity(partSize) }
        bytes.writeBytes(more)
        sha256.update(data: more)
    }

    /// What was collected, ready to be sent.
    func finished() -> FinishedPiece {
        FinishedPiece(bytes: bytes, sha256: Array(sha256.finalize()))
    }
}
