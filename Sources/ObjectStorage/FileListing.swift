import Glibc
import SystemCalls

/// Walks the files of a store in the order of their keys; in memory are the names of the directories on its way.
struct FileListing: Sendable {
    /// A directory, and the names in it that are still to do, last first; those of directories end with "/".
    private struct Level {
        let path: String
        var names: [String]
    }

    private let prefix: String
    private var levels: [Level] = []
    private var hasStarted = false

    /// Makes a walk; nothing is read yet.
    ///
    /// - Parameter prefix: What all keys start with.
    init(prefix: String) { self.prefix = prefix }

    /// The next objects.
    ///
    /// - Parameters:
    ///   - size: How many at most.
    ///   - layout: The store, the same each time.
    /// - Returns: nil at the end.
    /// - Throws: ``SystemCallError``.
    mutating func nextPage(_ size: Int, of layout: FileLayout) throws(SystemCallError) -> [ObjectMetadata]? {
        if !hasStarted {
            hasStarted = true
            try start(in: layout)
        }
        var page: [ObjectMetadata] = []
        while page.count < size, let level = levels.last {
            guard let name = level.names.last else {
                levels.removeLast()
                continue
            }
            levels[levels.count - 1].names.removeLast()
            if name.hasSuffix("/") {
                // Below a directory that no key can name is nothing of ours.
                if (try? ObjectKey(level.path + name.dropLast())) != nil { try descend(level.path + name, in: layout) }
            } else if let key = try? ObjectKey(level.path + name), let found = try metadata(key, in: layout) {
                page.append(found)
            }
        }
        return page.isEmpty && levels.isEmpty ? nil : page
    }

    /// Goes straight to the directory that the prefix names, so that others are not read.
    private mutating func start(in layout: FileLayout) throws(SystemCallError) {
        let bytes = Array(prefix.utf8)
        let slash = bytes.lastIndex(of: UInt8(ascii: "/"))
        let directory = slash.map { String(decoding: bytes[..<$0], as: UTF8.self) } ?? ""
        // What can begin no key begins none.
        if slash != nil, (try? ObjectKey(directory)) == nil { return }
        try descend(slash == nil ? "" : directory + "/", in: layout)
        let rest = bytes[(slash.map { $0 + 1 } ?? 0)...]
        for index in levels.indices { levels[index].names.removeAll { !$0.utf8.starts(with: rest) } }
    }

    /// Reads a directory's names.
    private mutating func descend(_ path: String, in layout: FileLayout) throws(SystemCallError) {
        let items: [DirectoryItem]
        do throws(SystemCallError) {
            let directory = try layout.directory(path.split(separator: "/"), creating: false)
            items = try DirectoryItem.read(directory)
        } catch {
            // It is gone, or never was; a link that was planted meanwhile is not followed.
            if [ENOENT, ENOTDIR, ELOOP].contains(error.code) { return }
            throw error
        }
        let names = items.compactMap { item -> String? in
            switch item.kind {
            case .file: item.name
            case .directory: item.name + "/"
            case .other: nil
            }
        }
        // With its "/", a directory sorts where the keys in it belong.
        levels.append(Level(path: path, names: names.sorted { $1.utf8.lexicographicallyPrecedes($0.utf8) }))
    }

    private func metadata(
        _ key: ObjectKey, in layout: FileLayout
    ) throws(SystemCallError) -> ObjectMetadata? {
        do throws(SystemCallError) {
            return try OpenObject.open(key, layout)?.metadata
        } catch {
            if error.code == ELOOP || error.code == EPERM { return nil }
            throw error
        }
    }
}
