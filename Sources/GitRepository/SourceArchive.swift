import Archive

/// Collects the bytes of an archive and hands them on, compressed, in pieces of a good size.
struct SourceArchive {
    /// Uncompressed bytes collected before they are compressed.
    private static let batchSize = 128 << 10

    /// Compressed bytes collected before they are written.
    private static let pieceSize = 256 << 10

    private let gzip: GzipStream
    private var uncompressed: [UInt8] = []
    private var compressed: [UInt8] = []
    /// Bytes written.
    private(set) var bytes: Int64 = 0

    init(_ gzip: GzipStream) {
        self.gzip = gzip
    }

    /// Adds an entry's header.
    mutating func append(_ entry: TarEntry, _ write: ([UInt8]) async throws -> Void) async throws {
        try await append(TarWriter.header(for: entry), write)
    }

    /// Adds bytes.
    mutating func append(_ content: some Collection<UInt8>, _ write: ([UInt8]) async throws -> Void) async throws {
        uncompressed += content
        guard uncompressed.count >= Self.batchSize else { return }
        try Task.checkCancellation()
        compressed += try await gzip.compress(uncompressed, isEnd: false)
        uncompressed.removeAll(keepingCapacity: true)
        if compressed.count >= Self.pieceSize { try await flush(write) }
    }

    /// Writes the end.
    mutating func finish(_ write: ([UInt8]) async throws -> Void) async throws {
        compressed += try await gzip.compress(uncompressed + TarWriter.trailer, isEnd: true)
        try await flush(write)
    }

    private mutating func flush(_ write: ([UInt8]) async throws -> Void) async throws {
        let piece = compressed
        compressed = []
        try await write(piece)
        bytes += Int64(piece.count)
    }
}
