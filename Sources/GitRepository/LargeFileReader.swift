import GitProtocol
import Subprocess

/// Reads large blobs from one `git cat-file --batch` child, which streams them (git-cat-file(1), "BATCH OUTPUT").
struct LargeFileReader {
    /// Bytes of the longest line before an object: an id, a type and a size.
    private static let maximumHeader = 128

    private let writer: StandardInputWriter
    private var iterator: SubprocessOutputSequence.AsyncIterator
    private var buffered: [UInt8] = []
    private var remaining: Int64 = 0
    private var path = ""

    init(writer: StandardInputWriter, output: SubprocessOutputSequence) {
        self.writer = writer
        iterator = output.makeAsyncIterator()
    }

    /// Asks for a blob; the last one was read to its end.
    ///
    /// - Throws: ``SourceError`` when git answers with anything but a blob of this size.
    mutating func begin(_ id: ObjectID, size: Int64, path: String) async throws {
        self.path = path
        _ = try await writer.write(Array("\(id)\n".utf8))
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n"), line.count < Self.maximumHeader {
            guard let byte = try await take(1) else { throw SourceError.unreadable(path: path) }
            line += byte
        }
        guard String(decoding: line, as: UTF8.self) == "\(id) blob \(size)\n" else {
            throw SourceError.unreadable(path: path)
        }
        remaining = size
    }

    /// The next piece of the blob, nil after its last.
    mutating func next() async throws -> [UInt8]? {
        if remaining == 0 {
            // A newline ends every object.
            guard try await take(1) == [UInt8(ascii: "\n")] else { throw SourceError.unreadable(path: path) }
            return nil
        }
        guard let piece = try await take(Int(clamping: remaining)) else { throw SourceError.unreadable(path: path) }
        remaining -= Int64(piece.count)
        return piece
    }

    /// At least one byte and at most so many; nil when the child has ended.
    private mutating func take(_ count: Int) async throws -> [UInt8]? {
        if buffered.isEmpty {
            guard let buffer = try await iterator.next() else {
                try Task.checkCancellation()
                return nil
            }
            buffered = buffer.array
        }
        if buffered.count <= count {
            defer { buffered = [] }
            return buffered
        }
        defer { buffered.removeFirst(count) }
        return Array(buffered.prefix(count))
    }
}
