import Glibc
import Identifiers
import Logging

extension RepositoryStore {
    /// Removes what was left behind by a kill: quarantines, half-made and half-removed repositories, lock files of refs.
    ///
    /// Call it at start, before any push comes in, and again after it has thrown. A repository that another server uses just then is
    /// left as it is. What cannot be removed is logged and left: it takes space, and a lock keeps one ref as it is, but all else
    /// works.
    ///
    /// - Returns: How many were removed.
    /// - Throws: ``RepositoryError`` when the directory of the repositories cannot be read, or its disk not be written to: then after
    ///   all that could be removed is, which may be what filled the disk.
    @discardableResult
    package func removeStaleQuarantines() async throws -> Int {
        let (root, logger, isShared, draftAge) = (root, logger, isShared, draftAge)
        let names = try await pool.blocking { try Directory.names(in: root) }
        let drafts = names.filter { name in
            [Self.creationPrefix, Self.deletionPrefix, Self.checkPrefix].contains(where: name.hasPrefix)
        }
        var count = try await pool.blocking {
            var leftovers = Leftovers(logger: logger)
            for name in drafts where !isShared || Self.isOld("\(root)/\(name)", draftAge) {
                leftovers.remove("\(root)/\(name)")
            }
            return leftovers.count
        }
        var left = names.compactMap { name in
            name.hasSuffix(Self.suffix) ? try? AppName(String(name.dropLast(Self.suffix.count))) : nil
        }
        var trouble: RepositoryError?
        // Twice: after the others there may be room, and a fetch over.
        for _ in 1...2 {
            trouble = nil
            var again: [AppName] = []
            for app in left {
                do {
                    if let removed = try await removeLeftovers(of: repository(for: app)) {
                        count += removed
                        continue
                    }
                } catch let error as RepositoryError {
                    trouble = error
                }
                again.append(app)
            }
            left = again
        }
        if count > 0 { logger.notice("leftovers of the last run were removed", metadata: ["count": "\(count)"]) }
        if let trouble { throw trouble }
        for app in left { logger.info("leftovers were not looked for: it is in use", metadata: ["app": "\(app)"]) }
        return count
    }

    /// How long a fetch may keep a repository from being cleaned: most take less, and pushes wait for it.
    private static let fetchPatience: Duration = .seconds(2)

    fileprivate static func isOld(_ path: String, _ age: Int) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return false }
        // Not of its content: a repository that is moved aside to be deleted keeps that time.
        return time(nil) - status.st_ctim.tv_sec > age
    }

    /// Cleans one repository, unless a push or a fetch uses it now: each holds the app's lock.
    ///
    /// - Returns: How many were removed; nil when it is in use.
    /// - Throws: ``RepositoryError`` when the disk cannot be written to.
    private func removeLeftovers(of repository: Repository) async throws -> Int? {
        let lock: AppLock?
        do {
            // Fetches may run already, where the disk hung at the start; pushes of others are not waited for.
            let patience: Duration = isShared ? .zero : Self.fetchPatience
            lock = try await AppLock.acquire(repository.lockPath, .exclusive, patience: patience, on: pool)
        } catch let error as RepositoryError {
            // Nothing can be removed until somebody has made room or mounted it for writing again.
            if error.isOfDisk { throw error }
            logger.error("leftovers were not looked for", metadata: ["app": "\(repository.app)", "error": "\(error)"])
            return 0
        }
        guard let lock else { return nil }
        defer { lock.release() }
        // Where several servers share them, the lock may not reach from one machine to another: then young ones stay.
        let (path, logger, age) = (repository.path, logger, isShared ? draftAge : nil)
        return try await pool.blocking {
            var leftovers = Leftovers(logger: logger, minimumAge: age)
            leftovers.remove(in: path)
            return leftovers.count
        }
    }
}

/// Removes leftovers and counts them; what fails is logged with its path, for operators.
private struct Leftovers {
    let logger: Logger
    /// What is younger is left alone, in seconds; nil for nothing.
    let minimumAge: Int?
    private(set) var count = 0

    init(logger: Logger, minimumAge: Int? = nil) {
        self.logger = logger
        self.minimumAge = minimumAge
    }

    mutating func remove(_ path: String) {
        if let minimumAge, !RepositoryStore.isOld(path, minimumAge) { return }
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
