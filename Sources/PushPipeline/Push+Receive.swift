import Builds
import CoreMetrics
import GitProtocol
import GitRepository
import Identifiers
import Logging
import Retries
import Synchronization

/// What happens while it is a push's turn.
extension Push {
    /// Takes the objects in, checks, builds what is to be built, and changes the refs.
    ///
    /// A ref that is refused is noted in `verdicts`; what refuses them all is thrown.
    func receive(_ request: ReceivePackRequest, verdicts: inout Verdicts, output: PushOutput) async throws {
        let limit = pipeline.configuration.maximumRefs
        let count = request.commands.count + request.rejected.count
        guard count <= limit else {
            throw PushFailure.pusher("this push changes \(count) refs, the limit is \(limit)", reason: "too many refs")
        }
        let repositories = pipeline.repositories
        let exists = try await repositories.exists(app)
        guard exists || request.commands.contains(where: { $0.kind != .delete }) else {
            for command in verdicts.undecided { verdicts.reject(command.ref, reason: "no such ref") }
            return
        }
        try await output.heading("\(request.needsPack ? "Receiving" : "Changing refs of") \(app) (push \(id))")
        // Before the pack is read: what was read once does not come again.
        let repository = try await retry(output).run {
            try await repositories.requireRoom()
            return try await onDisk { try await repositories.openOrCreate(app) }
        }
        try await onDisk {
            try await repository.withQuarantine(push: id.rawValue) { quarantine in
                if request.needsPack { try await ingest(request, into: quarantine, output: output) }
                try await check(&verdicts, request: request, in: quarantine, of: repository, output: output)
                try await build(&verdicts, in: quarantine, output: output)
                try await promote(&verdicts, of: request, from: quarantine, in: repository, output: output)
            }
        }
        for option in request.pushOptions {
            try? await output.detail("push option \"\(ClientText.line(option, maximumBytes: 80))\" means nothing here")
        }
    }

    // MARK: Quarantine

    private func ingest(
        _ request: ReceivePackRequest, into quarantine: Quarantine, output: PushOutput
    ) async throws {
        var limits = PackLimits()
        limits.maximumBytes = pipeline.configuration.maximumPackSize
        let summary = try await phases.measure("receive") {
            enter(.receive, "receiving", output)
            do {
                return try await input.watched { [input, limits] in
                    try await quarantine.ingest(
                        limits: limits, next: { try await input.read() },
                        progress: { bytes in
                            // Git resolves deltas once it has the whole pack; a client that keeps its side open owes nothing
                            // more.
                            input.isComplete()
                            // git says "quiet" also when nobody watches a terminal; it means these lines only.
                            // Losing one is no reason to lose the push; a client that is gone is noticed elsewhere.
                            if !request.capabilities.contains("quiet") { try? await output.write(bytes) }
                        })
                }
            } catch let error as PackError where !request.shallow.isEmpty && error.isMissingObject {
                throw PushFailure.shallow
            } catch let error as PackError where error.mayBeTheDisk {
                // Git says little; the disk itself is asked whether it still takes what is written.
                try await pipeline.repositories.requireUsable()
                throw error
            }
        }
        let objects = summary.objects == 1 ? "1 object" : "\(summary.objects) objects"
        try await output.detail("\(objects), \(summary.bytes.bytesInWords)")
        PushMetrics.shared.receivedObjects.increment(by: Int64(summary.objects))
        PushMetrics.shared.receivedBytes.increment(by: Int64(summary.bytes))
        logger.info("pack received", metadata: ["objects": "\(summary.objects)", "bytes": "\(summary.bytes)"])
    }

    // MARK: Checks

    /// Refuses what must not become a ref: stale old values, broken history, branches that are no commits.
    private func check(
        _ verdicts: inout Verdicts, request: ReceivePackRequest, in quarantine: Quarantine, of repository: Repository,
        output: PushOutput
    ) async throws {
        enter(.check, "checking", output)
        try await phases.measure("check") {
            let tips = verdicts.undecided.filter { $0.kind != .delete }
            do {
                try await quarantine.checkConnectivity(tips.map(\.new))
            } catch is ConnectivityError where !request.shallow.isEmpty {
                throw PushFailure.shallow
            }
            // By bytes, as git does: two names may be the same text to Swift.
            let current = Dictionary(
                try await repository.references().map { (Array($0.name.utf8), $0.target) }, uniquingKeysWith: { $1 })
            for command in verdicts.undecided {
                if (current[Array(command.ref.rawValue.utf8)] ?? .zero) != command.old {
                    let name = command.ref.rawValue.shortRefName
                    try await output.problem("\(name) was changed by another push. Run \"git pull\" and push again.")
                    verdicts.reject(command.ref, reason: "the ref has changed meanwhile: fetch first")
                } else if command.kind != .delete, command.ref.branch != nil,
                    try await quarantine.objectKind(command.new) != .commit
                {
                    verdicts.reject(command.ref, reason: "a branch must point to a commit")
                }
            }
        }
    }

    // MARK: Promotion

    private func promote(
        _ verdicts: inout Verdicts, of request: ReceivePackRequest, from quarantine: Quarantine,
        in repository: Repository, output: PushOutput
    ) async throws {
        let updates = verdicts.undecided
        guard !updates.isEmpty else { return }
        let atomic = request.capabilities.contains("atomic")
        enter(.promote, "updating refs", output)
        // From here to the end nothing may stop half-way, so the client's hanging up does not cancel it.
        let stop = Flag()
        let promotion = Task {
            let moved = try await move(updates, atomic: atomic, from: quarantine, unless: stop, output)
            do {
                try await setHead(of: repository, after: moved.results, updates)
            } catch {
                // The refs are what was asked for; the next push to a new deploy branch tries again.
                logger.error("HEAD could not be set", metadata: ["error": "\(error)"])
            }
            return moved
        }
        let moved = try await phases.measure("promote") {
            try await withTaskCancellationHandler {
                try await promotion.value
            } onCancel: {
                stop.set()
            }
        }
        verdicts.settle(moved.results, moved.failure)
        for command in updates where verdicts.isAccepted(command.ref) {
            // The refs have moved: not being able to say so does not make it a failure.
            try? await output.heading(sentence(about: command))
        }
    }

    /// Moves refs, and tries those again that the disk did not take.
    ///
    /// - Returns: What became of each, and why some did not move although others did.
    private func move(
        _ updates: [RefCommand], atomic: Bool, from quarantine: Quarantine, unless stop: Flag, _ output: PushOutput
    ) async throws -> (results: [RefName: RefResult], failure: PushFailure?) {
        let stuck = RefResult.rejected(reason: Quarantine.updateFailure)
        var results: [RefName: RefResult] = [:]
        do {
            try await retry(output).run {
                // Between two tries it may be stopped, as by a shutdown, and never in one.
                if !results.isEmpty, stop.isSet { throw CancellationError() }
                let rest = updates.filter { results[$0.ref] == nil || results[$0.ref] == stuck }
                let moved = try await onDisk { try await quarantine.promote(rest, atomic: atomic) }
                results.merge(moved) { $1 }
                if moved.values.contains(stuck) { try await pipeline.repositories.requireUsable() }
            }
        } catch {
            // What has been decided, above all what has moved, must be told as it is.
            guard results.values.contains(where: { $0 != stuck }) else { throw error }
            let failure = PushFailure(error)
            logger.error("not all refs could be moved", metadata: ["error": "\(failure.detail)"])
            for command in updates where results[command.ref] == nil || results[command.ref] == stuck {
                results[command.ref] = .rejected(reason: failure.reason)
            }
            try? await output.problem(failure.text)
            pipeline.gate.lookAgain()
            return (results, failure)
        }
        return (results, nil)
    }

    /// Set once; asked from another task.
    private final class Flag: Sendable {
        private let value = Atomic<Bool>(false)
        var isSet: Bool { value.load(ordering: .acquiring) }
        func set() { value.store(true, ordering: .releasing) }
    }

    /// Does something with the repository; where it fails because the disk does, the error says so.
    private func onDisk<R>(_ body: () async throws -> R) async throws -> R {
        do {
            return try await body()
        } catch let error as RepositoryError {
            try await pipeline.repositories.requireUsable()
            throw error
        }
    }

    private func sentence(about command: RefCommand) -> String {
        let name = command.ref.rawValue.shortRefName
        if command.kind == .delete { return "\(name) is deleted" }
        let isDeployBranch = pipeline.configuration.isDeployBranch(command.ref)
        let note =
            switch (pipeline.configuration.builds, isDeployBranch) {
            case (true, false): " (stored; only \(deployBranchesInWords) build)"
            case (false, true): " (stored; nothing is built here)"
            default: ""
            }
        return "\(name) is now \(command.new.short)\(note)"
    }

    private var deployBranchesInWords: String {
        let branches = pipeline.configuration.deployBranches
        return branches.count == 1
            ? branches[0] : "\(branches.dropLast().joined(separator: ", ")) and \(branches.last ?? "")"
    }

    /// Makes a clone check out the first deploy branch that was ever pushed.
    private func setHead(
        of repository: Repository, after results: [RefName: RefResult], _ updates: [RefCommand]
    ) async throws {
        let created = updates.first { command in
            command.kind == .create && results[command.ref] == .ok
                && pipeline.configuration.isDeployBranch(command.ref)
        }
        guard let created else { return }
        let names = Set(try await repository.references().map { Array($0.name.utf8) })
        if let head = try await repository.head(), names.contains(Array(head.rawValue.utf8)), head != created.ref {
            return
        }
        try await repository.setHead(created.ref)
    }
}
