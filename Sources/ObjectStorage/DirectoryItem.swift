import SystemCalls

/// One name in a directory that a key could have.
struct DirectoryItem {
    let name: String
    let kind: DirectoryEntry.Kind

    /// Reads a directory; names that are not UTF-8 are left out, no key can name them.
    ///
    /// - Parameter directory: An open directory; its position does not change.
    /// - Returns: All names but "." and "..", in no order.
    /// - Throws: ``SystemCallError``.
    static func read(_ directory: borrowing OwnedDescriptor) throws(SystemCallError) -> [DirectoryItem] {
        var stream = try DirectoryStream(directory.raw)
        var items: [DirectoryItem] = []
        while let entry = try stream.next() {
            guard let name = String(validating: entry.name, as: UTF8.self) else { continue }
            items.append(DirectoryItem(name: name, kind: try entry.kind(in: directory.raw)))
        }
        return items
    }
}
