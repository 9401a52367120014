import Crypto
import NIOCore

/// Bytes that are collected for one request, hashed as they come.
struct UploadPiece: Sendable {
    private(set) var bytes = ByteBuffer()
    private var sha256 = SHA256()
    private var share: BudgetShare?
    private var isLarge = false

    /// Waits for the memory that more bytes need.
    ///
    /// - Parameters:
    ///   - count: How many are to come.
    ///   - memory: Of the store.
    ///   - partSize: The most that will be collected.
    ///   - isPart: Whether whole parts went before, so that this may become one.
    /// - Throws: `CancellationError`.
    mutating func makeRoom(for count: Int, in memory: UploadMemory, partSize: Int, isPart: Bool) async throws {
        if isPart || bytes.readableBytes + count > UploadMemory.smallSize {
            if isLarge { return }
            share = try await memory.partShare()
            isLarge = true
            // Room for a whole part at once: growing would copy megabytes again and again.
            bytes.reserveCapacity(partSize)
        } else if share == nil {
            share = try await memory.smallShare()
        }
    }

    /// Adds bytes for which there is room.
    ///
    /// - Parameter more: Within what fits in a part.
    mutating func append(_ more: ArraySlice<UInt8>) {
        bytes.writeBytes(more)
        sha256.update(data: more)
    }

    /// What was collected, ready to be sent.
    func finished() -> FinishedPiece {
        FinishedPiece(bytes: bytes, sha256: Array(sha256.finalize()), share: share)
    }
}
