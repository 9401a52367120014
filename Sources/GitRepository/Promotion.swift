import GitProtocol
import Logging

/// Updates the refs of one push, in several pieces of blocking work so that others get the threads in between.
struct Promotion {
    /// Refs in one piece of work: each is a few synced writes, about a millisecond on a fast disk and 100 on a bad one.
    private static let refsPerPiece = 64

    /// How long to wait for somebody else's lock: a commit takes a few synced writes.
    ///
    /// Git waits 0.1 s (core.filesRefLockTimeout), with commits that do not sync.
    private static let lockTimeout: Duration = .seconds(1)

    /// How often a lock is tried at least: on a machine that stood still the time says nothing of who held it.
    private static let minimumTries = 20

    /// Time between two tries of a lock.
    private static let lockInterval: Duration = .milliseconds(5)

    /// Causes logged of one push: on a full disk they are all the same.
    private static let maximumCauses = 10

    /// What one piece of work came to.
    private struct Piece: Sendable {
        var results: [RefName: RefResult] = [:]
        var settledGroups = 0
        /// Whether the group after those that are settled waits for a lock.
        var isLocked = false
        var failures: [RefUpdater.Failure] = []
        var namespace: RefNamespace?
    }

    private let repository: Repository
    private var namespace: RefNamespace?
    private var results: [RefName: RefResult] = [:]
    private var causes = 0

    /// Prepares to update the refs of a repository.
    init(_ repository: Repository) {
        self.repository = repository
    }

    /// Updates refs.
    ///
    /// - Parameter groups: Commands that are applied together, one group after the other.
    /// - Returns: What became of each ref.
    /// - Throws: ``RepositoryError`` when nothing could be tried.
    mutating func run(_ groups: [[RefCommand]]) async throws -> [RefName: RefResult] {
        if groups.joined().contains(where: { $0.kind == .create }) {
            namespace = try await repository.access { try RefNamespace(of: $0) }
        }
        var waiting = groups[...]
        var lockedSince: ContinuousClock.Instant?
        var tries = 0
        while !waiting.isEmpty {
            let hasWaited = lockedSince.map { ContinuousClock.now - $0 > Self.lockTimeout } ?? false
            let givesUp = hasWaited && tries >= Self.minimumTries
            let piece: Piece
            do {
                piece = try await apply(Array(waiting.prefix(Self.refsPerPiece)), givesUp: givesUp)
            } catch {
                if results.isEmpty { throw error }
                failRest(waiting, because: error)
                break
            }
            results.merge(piece.results) { _, new in new }
            namespace = piece.namespace
            log(piece.failures)
            waiting = waiting.dropFirst(piece.settledGroups)
            if piece.settledGroups > 0 { (lockedSince, tries) = (nil, 0) }
            if piece.isLocked {
                tries += 1
                lockedSince = lockedSince ?? .now
                await Self.pause()
            }
        }
        if causes > Self.maximumCauses {
            repository.logger.error("more refs were not updated", metadata: ["count": "\(causes - Self.maximumCauses)"])
        }
        return results
    }

    private func apply(_ groups: [[RefCommand]], givesUp: Bool) async throws -> Piece {
        let namespace = namespace
        return try await repository.access { handle in
            var updater = try RefUpdater(handle, namespace: namespace)
            var piece = Piece()
            for (index, group) in groups.enumerated() {
                switch updater.apply(group, to: handle) {
                case .settled(let results):
                    piece.results.merge(results) { _, new in new }
                case .locked(let error) where givesUp && index == 0:
                    piece.results.merge(updater.giveUp(group, because: error)) { _, new in new }
                case .locked:
                    piece.isLocked = true
                }
                if piece.isLocked { break }
                piece.settledGroups += 1
            }
            piece.failures = updater.failures
            piece.namespace = updater.namespace
            return piece
        }
    }

    /// Waits between two tries also where the task is cancelled: a promotion that has begun goes to its end.
    private static func pause() async {
        await Task { try? await Task.sleep(for: lockInterval) }.value
    }

    /// The server stops in the middle: what was done is told, and so is what was not.
    private mutating func failRest(_ groups: ArraySlice<[RefCommand]>, because error: any Error) {
        for command in groups.joined() { results[command.ref] = .rejected(reason: Quarantine.updateFailure) }
        repository.logger.error(
            "the rest of the refs was not updated",
            metadata: ["count": "\(groups.joined().count)", "error": "\(error)"])
    }

    private mutating func log(_ failures: [RefUpdater.Failure]) {
        for failure in failures.prefix(max(0, Self.maximumCauses - causes)) {
            repository.logger.error(
                "a ref was not updated", metadata: ["ref": "\(failure.ref)", "error": "\(failure.cause)"])
        }
        causes += failures.count
    }
}
