import Archive
import CLibGit2
import GitProtocol

/// Walks the tree of a commit and turns it into a compressed archive, piece by piece; blocks.
///
/// The pieces are small whatever the tree is like: of a large file only the header is written here, and the caller
/// feeds
/// its content in.
struct SourceWalk: ~Copyable {
    /// What ``step()`` ended at.
    enum Step: Sendable {
        /// Compressed bytes, enough to be worth writing.
        case bytes([UInt8])
        /// A file too large to hold; its content is to be given to ``append(_:)``, then ``endFile(size:)`` called.
        case largeFile(ObjectID, size: Int64, path: String)
        /// The last compressed bytes.
        case end([UInt8])
    }

    /// Files up to this many bytes are read whole: more would cost memory, less the start of a git child too often.
    static let largeFile: Int64 = 1 << 20

    /// Compressed bytes that one step returns, about.
    private static let pieceSize = 256 << 10

    /// Uncompressed bytes collected before they are compressed.
    private static let batchSize = 64 << 10

    /// Bytes of one tree object: about a million entries.
    private static let maximumTree: Int64 = 64 << 20

    private struct Level {
        /// The path of the directory, empty or ending with "/".
        let prefix: [UInt8]
        let entries: [TreeEntry]
        var next = 0
    }

    private let repository: RepositoryHandle
    private let objects: ObjectDatabase
    private let limits: ArchiveLimits
    private var gzip: GzipCompressor
    private var levels: [Level]
    private let modified: Int64
    private var uncompressed: [UInt8] = []
    private var compressed: [UInt8] = []
    private var entries = 0
    private(set) var files = 0
    private(set) var contentBytes: Int64 = 0

    /// Starts at the root of a commit's tree.
    ///
    /// - Throws: ``SourceError`` when there is no such commit.
    init(commit: ObjectID, repository path: String, quarantine: String, limits: ArchiveLimits) throws {
        let repository = try RepositoryHandle(path: path)
        let objects = try ObjectDatabase(of: repository, quarantine: quarantine)
        guard let object = try repository.peel(commit, to: GIT_OBJECT_COMMIT),
            let tree = unsafe git_commit_tree_id(object.pointer)
        else { throw SourceError.noSuchCommit(commit) }
        let root = try Self.level(unsafe ObjectID(tree.pointee), prefix: [], repository, objects)
        gzip = try GzipCompressor()
        modified = unsafe git_commit_time(object.pointer)
        levels = [root]
        self.limits = limits
        self.objects = objects
        self.repository = repository
    }

    /// Goes on until there is enough to write, a large file, or the end.
    mutating func step() throws -> Step {
        while let level = levels.indices.last {
            guard levels[level].next < levels[level].entries.count else {
                levels.removeLast()
                continue
            }
            let entry = levels[level].entries[levels[level].next]
            levels[level].next += 1
            if let large = try add(entry, below: levels[level].prefix) { return large }
            if uncompressed.count >= Self.batchSize { try compress() }
            if compressed.count >= Self.pieceSize { return .bytes(takeCompressed()) }
        }
        uncompressed += TarWriter.trailer
        try compress()
        compressed += try gzip.finish()
        return .end(takeCompressed())
    }

    /// Adds content of a large file.
    ///
    /// - Returns: Compressed bytes, none when there are too few yet.
    mutating func append(_ content: [UInt8]) throws -> [UInt8] {
        uncompressed += content
        try compress()
        return compressed.count >= Self.pieceSize ? takeCompressed() : []
    }

    /// Ends a large file.
    mutating func endFile(size: Int64) {
        uncompressed += TarWriter.padding(after: size)
    }

    private mutating func add(_ entry: TreeEntry, below prefix: [UInt8]) throws -> Step? {
        let path = prefix + entry.name
        guard entry.hasSafeName else { throw SourceError.unsafeName(path: Self.text(path)) }
        guard path.count <= limits.maximumPathLength else {
            throw SourceError.pathTooLong(path.count, limit: limits.maximumPathLength)
        }
        entries += 1
        guard entries <= limits.maximumEntries else { throw SourceError.tooManyEntries(limit: limits.maximumEntries) }
        switch TreeEntryKind(mode: entry.mode) {
        case .directory:
            try write(TarEntry(path: path, kind: .directory, modified: modified))
            guard levels.count < limits.maximumDepth else { throw SourceError.tooDeep(limit: limits.maximumDepth) }
            levels.append(try Self.level(entry.id, prefix: path + [UInt8(ascii: "/")], repository, objects))
        case .submodule:
            try write(TarEntry(path: path, kind: .directory, modified: modified))
        case .symlink:
            try addLink(entry.id, path)
        case .file:
            return try addFile(entry.id, path, executable: false)
        case .executable:
            return try addFile(entry.id, path, executable: true)
        case nil:
            throw SourceError.unknownMode(entry.mode, path: Self.text(path))
        }
        return nil
    }

    private mutating func addFile(_ id: ObjectID, _ path: [UInt8], executable: Bool) throws -> Step? {
        let size = try Self.size(of: id, path, objects)
        files += 1
        contentBytes += size
        guard contentBytes <= limits.maximumTotalBytes else {
            throw SourceError.tooManyBytes(limit: limits.maximumTotalBytes)
        }
        try write(TarEntry(path: path, kind: .file(executable: executable), size: size, modified: modified))
        if size > Self.largeFile { return .largeFile(id, size: size, path: Self.text(path)) }
        let content = try objects.content(of: id)
        guard content.count == size else { throw SourceError.unreadable(path: Self.text(path)) }
        uncompressed += content
        endFile(size: size)
        return nil
    }

    private mutating func addLink(_ id: ObjectID, _ path: [UInt8]) throws {
        let size = try Self.size(of: id, path, objects)
        guard size <= limits.maximumPathLength else {
            throw SourceError.linkTooLong(size, path: Self.text(path), limit: limits.maximumPathLength)
        }
        guard size > 0 else { throw SourceError.emptyLink(path: Self.text(path)) }
        files += 1
        try write(TarEntry(path: path, kind: .symlink(target: objects.content(of: id)), modified: modified))
    }

    private static func level(
        _ id: ObjectID, prefix: [UInt8], _ repository: borrowing RepositoryHandle, _ objects: borrowing ObjectDatabase
    ) throws -> Level {
        let size = try size(of: id, prefix, objects)
        guard size <= maximumTree else {
            throw SourceError.treeTooLarge(size, path: text(prefix), limit: maximumTree)
        }
        guard let tree = try repository.peel(id, to: GIT_OBJECT_TREE) else {
            throw SourceError.missing(id, path: text(prefix))
        }
        return Level(prefix: prefix, entries: try tree.entries())
    }

    private static func size(of id: ObjectID, _ path: [UInt8], _ objects: borrowing ObjectDatabase) throws -> Int64 {
        guard let header = try objects.header(of: id) else { throw SourceError.missing(id, path: text(path)) }
        return header.size
    }

    private mutating func write(_ entry: TarEntry) throws {
        uncompressed += try TarWriter.header(for: entry)
    }

    private mutating func compress() throws {
        guard !uncompressed.isEmpty else { return }
        compressed += try gzip.compress(uncompressed)
        uncompressed.removeAll(keepingCapacity: true)
    }

    private mutating func takeCompressed() -> [UInt8] {
        defer { compressed = [] }
        return compressed
    }

    /// A path for a message: printable, and not longer than a line.
    private static func text(_ path: [UInt8]) -> String {
        let printable = path.prefix(200).map { $0 < 0x20 || $0 == 0x7f ? UInt8(ascii: "?") : $0 }
        return String(decoding: printable, as: UTF8.self)
    }
}
