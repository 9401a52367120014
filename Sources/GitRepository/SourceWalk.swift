import Archive
import GitProtocol

/// Walks the tree of a commit in git's order; the caller reads the objects.
///
/// Holds the bytes of the trees from the root down to the current one, which are bounded.
struct SourceWalk {
    /// A file or directory to come into the archive.
    struct Entry: Sendable {
        let path: [UInt8]
        let id: ObjectID
        let kind: TreeEntryKind

        /// Whether there is an object to be read for it.
        var hasContent: Bool { kind != .submodule }
    }

    private struct Level {
        /// The path of the directory, empty or ending with "/".
        let prefix: [UInt8]
        var tree: TreeParser
    }

    private let limits: ArchiveLimits
    private var levels: [Level] = []
    private var treeBytes: Int64 = 0
    private var entries = 0

    /// Starts before the root, which is to be given to ``enter(_:at:)``.
    init(limits: ArchiveLimits) {
        self.limits = limits
    }

    /// Refuses a directory before it is read.
    ///
    /// - Throws: ``SourceError`` when it, or it and those it is in, are too large.
    func check(treeSize size: Int64, at path: [UInt8]) throws(SourceError) {
        guard size <= ObjectLimits.maximumTree else {
            throw .treeTooLarge(size, path: Self.text(path), limit: ObjectLimits.maximumTree)
        }
        guard treeBytes + size <= ObjectLimits.maximumTreePath else {
            throw .treesTooLarge(path: Self.text(path), limit: ObjectLimits.maximumTreePath)
        }
        guard levels.count < limits.maximumDepth else { throw .tooDeep(limit: limits.maximumDepth) }
    }

    /// Goes on with the content of a directory, which was checked.
    ///
    /// - Throws: ``SourceError`` when there are too many entries, all of this one counted.
    mutating func enter(_ content: [UInt8], at path: [UInt8]) throws(SourceError) {
        let tree = TreeParser(content)
        do throws(TreeDamage) {
            entries += try tree.count()
        } catch {
            throw .damagedTree(path: Self.text(path))
        }
        guard entries <= limits.maximumEntries else { throw .tooManyEntries(limit: limits.maximumEntries) }
        levels.append(Level(prefix: path.isEmpty ? [] : path + [UInt8(ascii: "/")], tree: tree))
        treeBytes += Int64(content.count)
    }

    /// The next entries whose objects can be asked for at once: up to and with the next directory.
    ///
    /// - Returns: At least one; `nil` after the last. A directory at the end is to be entered before the next call.
    mutating func next() throws(SourceError) -> [Entry]? {
        while let level = levels.indices.last {
            var run: [Entry] = []
            while run.count < ObjectReader.maximumPending, let entry = try nextEntry(in: level) {
                run.append(entry)
                if entry.kind == .directory { break }
            }
            if !run.isEmpty { return run }
            treeBytes -= Int64(levels.removeLast().tree.byteCount)
        }
        return nil
    }

    private mutating func nextEntry(in level: Int) throws(SourceError) -> Entry? {
        let prefix = levels[level].prefix
        let entry: TreeEntry
        do throws(TreeDamage) {
            guard let next = try levels[level].tree.next() else { return nil }
            entry = next
        } catch {
            throw .damagedTree(path: Self.text(prefix))
        }
        let path = prefix + entry.name
        guard entry.hasSafeName else { throw .unsafeName(path: Self.text(path)) }
        guard path.count <= limits.maximumPathLength else {
            throw .pathTooLong(path.count, limit: limits.maximumPathLength)
        }
        guard let kind = TreeEntryKind(mode: entry.mode) else {
            throw .unknownMode(entry.mode, path: Self.text(path))
        }
        return Entry(path: path, id: entry.id, kind: kind)
    }

    /// A path for a message: printable, and not longer than a line.
    static func text(_ path: [UInt8]) -> String {
        if path.isEmpty { return "/" }
        let printable = path.prefix(200).map { $0 < 0x20 || $0 == 0x7f ? UInt8(ascii: "?") : $0 }
        return String(decoding: printable, as: UTF8.self)
    }
}
