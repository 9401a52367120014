import Glibc
import SystemCalls

extension FileObjectStore {
    package func delete(_ keys: [ObjectKey]) async throws {
        let layout = self.layout
        for key in keys {
            try Task.checkCancellation()
            try await run(.delete, key.rawValue) {
                // Locked, or a conditional put could check, see it deleted, and bring it back.
                let layout = try layout.opened()
                try layout.withLock(key) { try Self.remove(key, layout) }
            }
        }
    }

    private static func remove(_ key: ObjectKey, _ layout: FileLayout) throws(SystemCallError) {
        let (directories, name) = key.place
        do throws(SystemCallError) {
            let parent = try layout.directory(directories, creating: false)
            guard unsafe unlinkat(parent.raw, name, 0) == 0 else { throw .last("unlinkat") }
            try parent.synchronize()
            try prune(directories, layout)
        } catch {
            // ENOTDIR, EISDIR: other objects stand where this one would be.
            guard [ENOENT, ENOTDIR, EISDIR].contains(error.code) else { throw error }
        }
    }

    /// Removes the directories that are empty now, from the innermost outwards.
    private static func prune(_ directories: ArraySlice<Substring>, _ layout: FileLayout) throws(SystemCallError) {
        var rest = directories
        while let name = rest.popLast() {
            let parent = try layout.directory(rest, creating: false)
            guard unsafe unlinkat(parent.raw, String(name), AT_REMOVEDIR) == 0 else { return }
        }
    }
}
