import Logging

extension RepositoryStore {
    /// Removes what was left behind by a kill: quarantines, half-made and half-removed repositories, lock files of refs.
    ///
    /// Call it once, at start, before anything is served: it cannot tell a live push from a dead one. What cannot be
    /// removed is logged and left: it takes space, and a lock keeps one ref as it is, but all else works.
    ///
    /// - Returns: How many were removed.
    /// - Throws: ``RepositoryError`` when the directory of the repositories cannot be read.
    @discardableResult
    package func removeStaleQuarantines() async throws -> Int {
        let (root, logger) = (root, logger)
        let count = try await pool.blocking {
            var leftovers = Leftovers(logger: logger)
            for name in try Directory.names(in: root) {
                if [Self.creationPrefix, Self.deletionPrefix, Self.checkPrefix].contains(where: name.hasPrefix) {
                    leftovers.remove("\(root)/\(name)")
                } else if name.hasSuffix(Self.suffix) {
                    leftovers.remove(in: "\(root)/\(name)")
                }
            }
            return leftovers.count
        }
        if count > 0 { logger.notice("leftovers of the last run were removed", metadata: ["count": "\(count)"]) }
        return count
    }
}

/// Removes leftovers and counts them; what fails is logged with its path, for operators.
private struct Leftovers {
    let logger: Logger
    private(set) var count = 0

    init(logger: Logger) {
        self.logger = logger
    }

    mutating func remove(_ path: String) {
        do throws(RepositoryError) {
            try Directory.remove(path)
            count += 1
        } catch {
            logger.error("a leftover could not be removed", metadata: ["path": "\(path)", "error": "\(error)"])
        }
    }

    /// Removes those of one repository.
    mutating func remove(in repository: String) {
        for name in names(in: "\(repository)/objects") where name.hasPrefix(Quarantine.directoryPrefix) {
            remove("\(repository)/objects/\(name)")
        }
        for name in names(in: repository) where Self.isLock(name) {
            remove("\(repository)/\(name)")
        }
        removeLocks(below: "\(repository)/refs")
    }

    /// A name ending in ".lock" is never a ref (git-check-ref-format), so it is always a lock.
    private mutating func removeLocks(below directory: String) {
        for name in names(in: directory) {
            if Self.isLock(name) {
                remove("\(directory)/\(name)")
            } else {
                removeLocks(below: "\(directory)/\(name)")
            }
        }
    }

    private func names(in directory: String) -> [String] {
        do throws(RepositoryError) {
            return try Directory.names(in: directory)
        } catch {
            logger.error(
                "a directory could not be searched for leftovers",
                metadata: ["path": "\(directory)", "error": "\(error)"])
            return []
        }
    }

    /// By bytes: the name of a ref may end in a letter that String joins to the dot.
    private static func isLock(_ name: String) -> Bool { name.utf8.suffix(5).elementsEqual(".lock".utf8) }
}
