import GitProtocol

/// Applies ref commands in transactions; blocks, but waits for no lock.
struct RefUpdater: ~Copyable {
    /// What became of commands that are applied together.
    enum Outcome {
        case settled([RefName: RefResult])
        /// Somebody else holds the lock of one, and nothing was changed.
        case locked(RepositoryError)
    }

    /// Why a ref was not updated, when that is no fault of the push.
    struct Failure: Sendable {
        let ref: RefName
        let cause: RepositoryError
    }

    /// Bytes of the longest name that libgit2 takes (GIT_REFNAME_MAX, which counts a NUL).
    private static let maximumNameLength = 1023

    /// What git's receive-pack says of the others when one of an atomic push fails.
    private static let atomicFailure = "atomic push failure"

    private let objects: ObjectDatabase
    /// The refs there are, for commands that create; with those created so far.
    private(set) var namespace: RefNamespace?
    /// What operators must know.
    private(set) var failures: [Failure] = []

    /// Prepares for commands.
    ///
    /// - Parameters:
    ///   - repository: Whose refs.
    ///   - namespace: The refs there are; may be nil when none is to be created.
    /// - Throws: ``RepositoryError`` when the objects cannot be opened.
    init(_ repository: borrowing RepositoryHandle, namespace: RefNamespace?) throws(RepositoryError) {
        objects = try ObjectDatabase(of: repository)
        self.namespace = namespace
    }

    /// Applies all commands or none.
    mutating func apply(_ commands: [RefCommand], to repository: borrowing RepositoryHandle) -> Outcome {
        var refusals: [RefName: String] = [:]
        var created: [RefName] = []
        var prepared: RefName?
        do throws(RepositoryError) {
            let transaction = try RefTransaction(repository)
            for command in commands {
                prepared = command.ref
                if let reason = try prepare(command, transaction, repository) {
                    refusals[command.ref] = reason
                } else if command.kind == .create {
                    // Two new refs of one push can be in each other's way too.
                    namespace?.insert(command.ref.rawValue)
                    created.append(command.ref)
                }
            }
            prepared = nil
            if refusals.isEmpty { try transaction.commit() }
            return .settled(settle(commands, refusals, created))
        } catch {
            // The disk may have refused in the middle of a commit: tell what really happened to each.
            var happened: Set<RefName> = []
            if prepared == nil {
                for command in commands where Self.happened(command, repository) { happened.insert(command.ref) }
            }
            if error.isLocked, happened.isEmpty {
                for name in created { namespace?.remove(name.rawValue) }
                return .locked(error)
            }
            for command in commands where prepared == command.ref || prepared == nil && !happened.contains(command.ref)
            {
                fail(command.ref, error, &refusals)
            }
            return .settled(settle(commands, refusals, created, happened))
        }
    }

    /// Refuses all commands: a lock was held for too long.
    mutating func giveUp(_ commands: [RefCommand], because error: RepositoryError) -> [RefName: RefResult] {
        var refusals: [RefName: String] = [:]
        for command in commands { fail(command.ref, error, &refusals) }
        return settle(commands, refusals, [])
    }

    private mutating func fail(_ ref: RefName, _ cause: RepositoryError, _ refusals: inout [RefName: String]) {
        refusals[ref] = Quarantine.updateFailure
        failures.append(Failure(ref: ref, cause: cause))
    }

    /// One refusal refuses all but those that happened nevertheless.
    private mutating func settle(
        _ commands: [RefCommand], _ refusals: [RefName: String], _ created: [RefName], _ happened: Set<RefName> = []
    ) -> [RefName: RefResult] {
        var results: [RefName: RefResult] = [:]
        for command in commands {
            if refusals.isEmpty || happened.contains(command.ref) {
                results[command.ref] = .ok
                if command.kind == .delete { namespace?.remove(command.ref.rawValue) }
            } else {
                results[command.ref] = .rejected(reason: refusals[command.ref] ?? Self.atomicFailure)
            }
        }
        for name in created where results[name] != .ok { namespace?.remove(name.rawValue) }
        return results
    }

    /// Locks a ref, verifies its old value and sets the new one, to be committed later.
    ///
    /// - Returns: Why not, nil when all is well.
    /// - Throws: ``RepositoryError`` when a lock or the disk is in the way.
    private borrowing func prepare(
        _ command: RefCommand, _ transaction: borrowing RefTransaction, _ repository: borrowing RepositoryHandle
    ) throws(RepositoryError) -> String? {
        if let reason = refusal(of: command) { return reason }
        try transaction.lock(command.ref)
        switch try repository.value(of: command.ref) {
        case .symbolic: return "refusing to update a symbolic ref"
        case .missing where command.kind == .delete && command.old.isZero: return nil
        case .missing: if !command.old.isZero { return "stale info" }
        case .direct(let current):
            guard current == command.old else {
                if command.kind == .create { return "reference already exists" }
                return command.kind == .update ? "fetch first" : "stale info"
            }
        }
        if command.kind == .delete {
            try transaction.remove(command.ref)
        } else {
            try transaction.set(command.ref, to: command.new)
        }
        return nil
    }

    /// What speaks against a command before any lock is taken.
    private borrowing func refusal(of command: RefCommand) -> String? {
        let length = command.ref.rawValue.utf8.count
        guard length <= Self.maximumNameLength else {
            return "the ref's name has \(length) bytes, at most \(Self.maximumNameLength) are accepted"
        }
        if command.kind == .delete { return nil }
        guard let header = try? objects.header(of: command.new) else { return "missing necessary objects" }
        if command.ref.branch != nil, header.kind != .commit {
            return "a branch must be a commit, this is a \(header.kind.rawValue)"
        }
        if header.kind == .commit || header.kind == .tag, header.size > ObjectLimits.maximumMessage {
            return "the \(header.kind.rawValue) is larger than \(ObjectLimits.maximumMessage) bytes"
        }
        guard command.kind == .create, let obstacle = namespace?.conflict(with: command.ref) else { return nil }
        return "'\(obstacle)' exists; cannot create this beside it"
    }

    private static func happened(_ command: RefCommand, _ repository: borrowing RepositoryHandle) -> Bool {
        switch try? repository.value(of: command.ref) {
        case .direct(let id): id == command.new
        case .missing: command.kind == .delete
        case .symbolic, nil: false
        }
    }
}
