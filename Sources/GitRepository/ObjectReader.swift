import GitProtocol
import Subprocess

/// Reads objects from one `git cat-file --batch` child (git-cat-file(1), "BATCH OUTPUT").
///
/// No object is unfolded in this process: a small one may be stored as its difference to one of a gigabyte, and the
/// child has ``ChildLimits`` for that. Objects are asked for ahead, then read in the same order.
struct ObjectReader {
    /// Objects that may be asked for ahead: the questions, 41 bytes each, fit into one page, the smallest pipe there
    /// is, so asking never waits for a child that waits for its answers to be read.
    static let maximumPending = 64

    /// Bytes of the longest line before an object: an id, a type and a size.
    private static let maximumHeader = 128

    private let writer: StandardInputWriter
    private var iterator: SubprocessOutputSequence.AsyncIterator
    private var buffer: ArraySlice<UInt8> = []
    private var pending: ArraySlice<ObjectID> = []
    private var remaining: Int64 = 0

    init(writer: StandardInputWriter, output: SubprocessOutputSequence) {
        self.writer = writer
        iterator = output.makeAsyncIterator()
    }

    /// Asks for objects; all that were asked for before were read to their end.
    ///
    /// - Parameter ids: At most ``maximumPending``.
    /// - Throws: `CancellationError`; a child that has ended is told by ``begin(path:)``.
    mutating func request(_ ids: some Collection<ObjectID>) async throws {
        pending = Array(ids)[...]
        guard !ids.isEmpty else { return }
        _ = try? await writer.write(ids.flatMap { Array($0.hex.utf8) + [UInt8(ascii: "\n")] })
        try Task.checkCancellation()
    }

    /// Goes on to the next object that was asked for.
    ///
    /// - Parameter path: What it is, for an error.
    /// - Returns: Its type and size; `nil` when it is not there.
    /// - Throws: ``SourceError`` when git answers otherwise or has ended.
    mutating func begin(path: String) async throws -> (kind: ObjectKind, size: Int64)? {
        guard let id = pending.popFirst() else { throw SourceError.unreadable(path: path) }
        let line = try await header(path: path)
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.first.map(String.init) == id.hex else { throw SourceError.unreadable(path: path) }
        if words.count == 2, words[1] == "missing" { return nil }
        guard words.count == 3, let kind = ObjectKind(rawValue: String(words[1])), let size = Int64(words[2]), size >= 0
        else { throw SourceError.unreadable(path: path) }
        remaining = size
        return (kind, size)
    }

    /// The next piece of the object, nil after its last.
    mutating func next(path: String) async throws -> ArraySlice<UInt8>? {
        guard remaining > 0 else {
            // A newline ends every object.
            guard try await take(1) == [UInt8(ascii: "\n")] else { throw SourceError.unreadable(path: path) }
            return nil
        }
        guard let piece = try await take(Int(clamping: remaining)) else { throw SourceError.unreadable(path: path) }
        remaining -= Int64(piece.count)
        return piece
    }

    /// The whole object; callers look at its size first.
    mutating func content(path: String) async throws -> [UInt8] {
        var content: [UInt8] = []
        content.reserveCapacity(Int(clamping: remaining))
        while let piece = try await next(path: path) { content += piece }
        return content
    }

    /// The line before an object, without its end.
    private mutating func header(path: String) async throws -> [UInt8] {
        var line: [UInt8] = []
        while line.count < Self.maximumHeader, let piece = try await fill() {
            if let end = piece.firstIndex(of: UInt8(ascii: "\n")) {
                line += piece[..<end]
                buffer = piece[(end + 1)...]
                return line
            }
            line += piece
            buffer = []
        }
        throw SourceError.unreadable(path: path)
    }

    /// At least one byte and at most so many; nil when the child has ended.
    private mutating func take(_ count: Int) async throws -> ArraySlice<UInt8>? {
        guard let piece = try await fill() else { return nil }
        buffer = piece.dropFirst(count)
        return piece.prefix(count)
    }

    /// What was read and not taken, at least one byte; nil when the child has ended.
    private mutating func fill() async throws -> ArraySlice<UInt8>? {
        while buffer.isEmpty {
            guard let next = try await iterator.next() else {
                try Task.checkCancellation()
                return nil
            }
            buffer = next.array[...]
        }
        return buffer
    }
}
