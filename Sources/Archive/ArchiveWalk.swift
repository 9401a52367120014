import Glibc
import SystemCalls

/// Walks a directory and gives its tar.gz piece by piece, as its caller asks for it.
///
/// ``ArchiveCreator`` tells what is archived and how. Its calls block on the disk.
package struct ArchiveWalk: ~Copyable, Sendable {
    /// Bytes of a file that are read at once.
    private static let readSize = 64 << 10
    /// Steps for one part, so that content which compresses to nothing does not keep a thread for long either.
    private static let maximumSteps = 64

    /// A directory on the way from the root to where the walk is, and what is still to do in it, last name first.
    private struct Level {
        let path: [UInt8]
        var names: [[UInt8]]
    }

    package private(set) var summary = ArchiveSummary()
    private let limits: ArchiveLimits
    private var cursor: DirectoryCursor
    private var compressor: GzipCompressor
    private var levels: [Level]
    private var file: OwnedDescriptor?
    private var entry = TarEntry(path: [], kind: .directory)
    private var remaining: Int64 = 0
    private var listed: Int
    private var isOver = false

    /// Opens a directory and reads its names.
    ///
    /// - Parameters:
    ///   - directory: Where to start.
    ///   - limits: What to refuse as too large.
    /// - Throws: ``ArchiveError`` or ``GzipError``.
    package init(_ directory: String, _ limits: ArchiveLimits) throws {
        var cursor = try DirectoryCursor(directory)
        let level = try Self.list([], &cursor, limits, alreadyListed: 0)
        let compressor = try GzipCompressor()
        self.limits = limits
        self.cursor = cursor
        self.compressor = compressor
        levels = [level]
        listed = level.names.count
    }

    /// The next part of the archive, made in a few milliseconds.
    ///
    /// - Parameter size: About how many bytes at most.
    /// - Returns: Possibly no bytes, when much was read for them; nil after the last part.
    /// - Throws: ``ArchiveError``, ``TarError`` or ``GzipError``.
    package mutating func next(upTo size: Int) throws -> [UInt8]? {
        var part: [UInt8] = []
        for _ in 0..<Self.maximumSteps where part.count < size {
            guard let piece = try next() else { return part.isEmpty ? nil : part }
            part += piece
        }
        return part
    }

    /// The next piece of the archive, which may be empty; nil after the last one.
    mutating func next() throws -> [UInt8]? {
        guard !isOver else { return nil }
        let output: [UInt8]
        if file != nil {
            output = try compressor.compress(readFile())
        } else if let name = levels.last?.names.last {
            levels[levels.count - 1].names.removeLast()
            output = try visit(name)
        } else if levels.count > 1 {
            levels.removeLast()
            output = []
        } else {
            isOver = true
            output = try compressor.compress(TarWriter.trailer) + compressor.finish()
        }
        summary.compressedBytes += Int64(output.count)
        return output
    }

    private static func list(
        _ path: [UInt8], _ cursor: inout DirectoryCursor, _ limits: ArchiveLimits, alreadyListed: Int
    ) throws(ArchiveError) -> Level {
        let raw = try cursor.move(to: path[...], creating: false)
        let names = try DirectoryNames.read(raw, path: path, limits, alreadyListed: alreadyListed)
        return Level(path: path, names: names.sorted { $1.lexicographicallyPrecedes($0) })
    }

    /// Writes one entry's header, and goes into it when it is a directory or opens it when it is a file.
    private mutating func visit(_ name: [UInt8]) throws -> [UInt8] {
        let parentPath = levels.last?.path ?? []
        let path = parentPath.isEmpty ? name : parentPath + [UInt8(ascii: "/")] + name
        try ArchivePath.check(path, limits)
        let parent = try cursor.move(to: parentPath[...], creating: false)
        var status = stat()
        guard unsafe fstatat(parent, name.cString, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw ArchiveError.from(.last("fstatat"), path)
        }
        entry = TarEntry(path: path, kind: .directory, modified: Int64(status.st_mtim.tv_sec))
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            let level = try Self.list(path, &cursor, limits, alreadyListed: listed)
            listed += level.names.count
            levels.append(level)
        case S_IFLNK:
            entry.kind = .symlink(target: try DirectoryNames.target(ofLink: name, in: parent, path: path))
        case S_IFREG:
            try open(name, in: parent)
        default:
            summary.skipped += 1
            return []
        }
        summary.entries += 1
        return try compressor.compress(TarWriter.header(for: entry))
    }

    private mutating func open(_ name: [UInt8], in parent: Int32) throws(ArchiveError) {
        let opened: OwnedDescriptor
        do throws(SystemCallError) {
            // O_NONBLOCK: should it have become a FIFO just now, the open must not wait for a writer.
            opened = try OwnedDescriptor.open(name, in: parent, flags: O_RDONLY | O_NONBLOCK)
        } catch {
            throw .from(error, entry.path)
        }
        var status = stat()
        guard unsafe fstat(opened.raw, &status) == 0 else { throw .from(.last("fstat"), entry.path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .changed(PrintablePath.text(entry.path)) }
        guard Int64(status.st_size) <= limits.maximumTotalBytes - summary.bytes else {
            throw .tooManyBytes(limit: limits.maximumTotalBytes)
        }
        entry.kind = .file(executable: status.st_mode & 0o100 != 0)
        entry.size = Int64(status.st_size)
        remaining = entry.size
        summary.bytes += entry.size
        file = consume opened
    }

    private mutating func readFile() throws(ArchiveError) -> [UInt8] {
        if remaining == 0 {
            file = nil
            return TarWriter.padding(after: entry.size)
        }
        let bytes: [UInt8]
        do throws(SystemCallError) {
            bytes = try file?.read(upTo: Int(min(remaining, Int64(Self.readSize)))) ?? []
        } catch {
            throw .from(error, entry.path)
        }
        guard !bytes.isEmpty else { throw .changed(PrintablePath.text(entry.path)) }
        remaining -= Int64(bytes.count)
        return bytes
    }
}
