import Crypto
import NIOCore

/// Bytes that are collected for one request, hashed as they come.
struct UploadPiece: Sendable {
    private(set) var bytes = ByteBuffer()
    private var sha256 = SHA256()
    private var share: BudgetShare?
    /// Bytes for which the share is enough.
    private var room = 0

    /// Waits for the memory that more bytes need.
    ///
    /// - Parameters:
    ///   - count: How many are to come.
    ///   - memory: Of the store.
    ///   - partSize: The most that will be collected.
    ///   - isPart: Whether whole parts went before, so that this may become one.
    /// - Throws: `CancellationError`.
    mutating func makeRoom(for count: Int, in memory: UploadMemory, partSize: Int, isPart: Bool) async throws {
        let wanted = isPart ? partSize : min(bytes.readableBytes + count, partSize)
        guard wanted > room else { return }
        // What comes in one write has all its bytes in most cases; what grows may become a part.
        if share == nil, wanted <= UploadMemory.smallSize {
            share = try await memory.smallShare()
            room = UploadMemory.smallSize
        } else if share == nil, wanted <= UploadMemory.middleSize {
            share = try await memory.middleShare(wanted)
            room = wanted
        } else {
            // Others of its size wait for it, and would wait for large ones with it.
            share?.end()
            share = nil
            room = 0
            share = try await memory.partShare()
            room = partSize
            // Room for a whole part at once: growing would copy megabytes again and again.
            bytes.reserveCapacity(partSize)
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
