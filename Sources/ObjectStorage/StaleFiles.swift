import Glibc
import SystemCalls

/// Clears away what writers that no longer live left in the directory for temporary files.
enum StaleFiles {
    /// Removes the directories whose lock nobody holds, and stray files.
    ///
    /// - Parameter all: The directory of all instances' directories.
    /// - Throws: ``SystemCallError``.
    static func remove(from all: borrowing OwnedDescriptor) throws(SystemCallError) {
        for item in try DirectoryItem.read(all) {
            guard item.kind == .directory else {
                unsafe unlinkat(all.raw, item.name, 0)
                continue
            }
            let directory = try OwnedDescriptor.directory(item.name, in: all, creating: false)
            guard try directory.lock(waiting: false) else { continue }
            // Writers put files there and nothing else.
            for file in try DirectoryItem.read(directory) { unsafe unlinkat(directory.raw, file.name, 0) }
            unsafe unlinkat(all.raw, item.name, AT_REMOVEDIR)
        }
    }
}
