import GitProtocol

/// Applies ref commands in transactions; blocks.
struct RefUpdater: ~Copyable {
    /// What git's receive-pack says of the others when one of an atomic push fails.
    private static let atomicFailure = "atomic push failure"

    private let objects: ObjectDatabase
    private var namespace: RefNamespace?

    /// Prepares for a push.
    ///
    /// - Parameters:
    ///   - repository: Whose refs.
    ///   - creating: Whether refs are to be created; only then the names of all others matter.
    /// - Throws: ``RepositoryError`` when the refs or objects cannot be opened.
    init(_ repository: borrowing RepositoryHandle, creating: Bool) throws(RepositoryError) {
        let names = creating ? try repository.directReferences().map(\.name) : nil
        objects = try ObjectDatabase(of: repository)
        namespace = names.map { RefNamespace($0) }
    }

    /// Applies all commands or none.
    ///
    /// - Returns: A result for each.
    mutating func apply(
        _ commands: [RefCommand], to repository: borrowing RepositoryHandle
    ) -> [RefName: RefResult] {
        var failures: [RefName: String] = [:]
        var created: [RefName] = []
        do throws(RepositoryError) {
            let transaction = try RefTransaction(repository)
            for command in commands {
                if let reason = prepare(command, transaction, repository) {
                    failures[command.ref] = reason
                } else if command.kind == .create {
                    // Two new refs of one push can be in each other's way too.
                    namespace?.insert(command.ref.rawValue)
                    created.append(command.ref)
                }
            }
            if failures.isEmpty { try transaction.commit() }
        } catch {
            // The disk refused in the middle: tell what really happened to each.
            for command in commands where !Self.happened(command, repository) {
                failures[command.ref] = "failed to update ref"
            }
        }
        return finish(commands, failures, created)
    }

    private mutating func finish(
        _ commands: [RefCommand], _ failures: [RefName: String], _ created: [RefName]
    ) -> [RefName: RefResult] {
        var results: [RefName: RefResult] = [:]
        for command in commands {
            if failures.isEmpty {
                results[command.ref] = .ok
                if command.kind == .delete { namespace?.remove(command.ref.rawValue) }
            } else {
                results[command.ref] = .rejected(reason: failures[command.ref] ?? Self.atomicFailure)
            }
        }
        if !failures.isEmpty {
            for name in created { namespace?.remove(name.rawValue) }
        }
        return results
    }

    /// Locks a ref, verifies its old value and sets the new one, to be committed later.
    ///
    /// - Returns: Why not, nil when all is well.
    private borrowing func prepare(
        _ command: RefCommand, _ transaction: borrowing RefTransaction, _ repository: borrowing RepositoryHandle
    ) -> String? {
        if let reason = refusal(of: command) { return reason }
        do throws(RepositoryError) {
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
        } catch {
            return "failed to update ref"
        }
    }

    /// What speaks against a command before any lock is taken.
    private borrowing func refusal(of command: RefCommand) -> String? {
        if command.kind == .delete { return nil }
        guard let header = try? objects.header(of: command.new) else { return "missing necessary objects" }
        if command.ref.branch != nil, header.kind != .commit {
            return "a branch must be a commit, this is a \(header.kind.rawValue)"
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
