package import GitProtocol

extension Quarantine {
    /// Moves the push's objects into the repository, then updates its refs.
    ///
    /// Old values are verified while the refs are locked, so of two pushes that start from the same one wins.
    /// Deletions
    /// need no objects: use an empty quarantine.
    ///
    /// - Parameters:
    ///   - updates: What the client asked for, no ref twice.
    ///   - atomic: Whether one that fails makes all fail; otherwise each goes by itself, in order, as in git.
    /// - Returns: What became of each ref, with git's words for a refusal.
    /// - Throws: ``RepositoryError`` when the objects cannot be moved; then no ref has changed.
    package func promote(_ updates: [RefCommand], atomic: Bool) async throws -> [RefName: RefResult] {
        let (quarantine, objects) = (path, repository.objectsPath)
        return try await repository.access { handle in
            try PackMove.move(from: quarantine, to: objects)
            var updater = try RefUpdater(handle, creating: updates.contains { $0.kind == .create })
            var results: [RefName: RefResult] = [:]
            for group in atomic ? [updates] : updates.map({ [$0] }) {
                results.merge(updater.apply(group, to: handle)) { _, new in new }
            }
            return results
        }
    }
}
