extension RepositoryStore {
    /// Removes what a killed server left behind: quarantines, half-made repositories, lock files of refs.
    ///
    /// Call it once, at start, before anything is served: it cannot tell a live push from a dead one.
    ///
    /// - Returns: How many were removed.
    /// - Throws: ``RepositoryError`` when something cannot be removed.
    @discardableResult
    package func removeStaleQuarantines() async throws -> Int {
        let root = root
        return try await pool.blocking {
            var count = 0
            for name in try Directory.names(in: root) {
                if name.hasPrefix(Self.creationPrefix) {
                    try Directory.remove("\(root)/\(name)")
                    count += 1
                } else if name.hasSuffix(Self.suffix) {
                    count += try Self.removeLeftovers(in: "\(root)/\(name)")
                }
            }
            return count
        }
    }

    private static func removeLeftovers(in repository: String) throws(RepositoryError) -> Int {
        var count = 0
        for name in try Directory.names(in: "\(repository)/objects") where name.hasPrefix(Quarantine.directoryPrefix) {
            try Directory.remove("\(repository)/objects/\(name)")
            count += 1
        }
        for name in try Directory.names(in: repository) where isLock(name) {
            try Directory.remove("\(repository)/\(name)")
            count += 1
        }
        return try count + removeLocks(below: "\(repository)/refs")
    }

    /// A name ending in ".lock" is never a ref (git-check-ref-format), so it is always a lock.
    private static func removeLocks(below directory: String) throws(RepositoryError) -> Int {
        var count = 0
        for name in try Directory.names(in: directory) {
            let path = "\(directory)/\(name)"
            if isLock(name) {
                try Directory.remove(path)
                count += 1
            } else {
                count += try removeLocks(below: path)
            }
        }
        return count
    }

    private static func isLock(_ name: String) -> Bool { name.hasSuffix(".lock") }
}
