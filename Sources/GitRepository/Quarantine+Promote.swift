package import GitProtocol
import NIOPosix

extension Quarantine {
    /// What git's receive-pack says of a ref when the disk or a lock is in the way.
    package static let updateFailure = "failed to update ref"

    /// Moves the push's objects into the repository, then updates its refs.
    ///
    /// Old values are verified while the refs are locked, so of two pushes that start from the same one wins.
    /// Deletions need no objects: use an empty quarantine. Why a ref could not be updated, when that is no fault of the
    /// push, is logged. What was not done can be asked for again.
    ///
    /// - Parameters:
    ///   - updates: What the client asked for, no ref twice.
    ///   - atomic: Whether one that fails makes all fail; otherwise each goes by itself, in order, as in git.
    /// - Returns: What became of each ref, with git's words for a refusal.
    /// - Throws: ``RepositoryError`` when the objects cannot be moved or the repository cannot be opened; then no ref
    ///   has changed.
    package func promote(_ updates: [RefCommand], atomic: Bool) async throws -> [RefName: RefResult] {
        let (quarantine, objects) = (path, repository.objectsPath)
        try await repository.pool.blocking { try PackMove.move(from: quarantine, to: objects) }
        var promotion = Promotion(repository)
        return try await promotion.run(atomic ? [updates] : updates.map { [$0] })
    }
}
