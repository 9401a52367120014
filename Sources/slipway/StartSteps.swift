import Builds
import GitRepository
import Health
import Logging
import ObjectStorage

/// What a start does with disks: begun before anything listens, and not waited for for long.
///
/// A disk that hangs must not keep the server from answering; what is not done by then ends in the background.
struct StartSteps: Sendable {
    /// Its clean-up must never meet a push.
    let repositories: StartStep
    /// Each use of the store tries again, so pushes need not wait for this.
    private let store: StartStep
    /// Its clean-up must never meet a build; nil where builds run elsewhere or not at all.
    let builds: StartStep?

    /// What no push may come before: their checks say so.
    private var neededByPush: [StartStep] { [repositories] + (builds.map { [$0] } ?? []) }

    /// Makes the steps; nothing is done yet.
    init(repositories: RepositoryStore, stores: ObjectStores, local: LocalExecutor?) {
        self.repositories = StartStep(name: "clearing up the repositories", logger: Logger(label: "git")) {
            _ = try await repositories.removeStaleQuarantines()
        }
        store = StartStep(name: "opening the object store", logger: Logger(label: "storage")) {
            try await stores.open()
        }
        builds = local.map { local in
            StartStep(name: "clearing up the folder for builds", logger: Logger(label: "builds")) {
                do {
                    try await local.prepare()
                } catch let error as BuildDirectoryError where error.isLasting {
                    throw StartError("\(error)")
                }
            }
        }
    }

    /// Begins all, and waits for them as long as a start may take without anybody wondering.
    ///
    /// - Throws: ``StartError`` for what no waiting mends. All else is told by the checks of health.
    func begin() async throws {
        let outcomes = await withTaskGroup { group in
            for step in neededByPush + [store] {
                group.addTask { (step.name, await step.outcome(within: SlowStart.patience)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for case (let name, .failed(let error)) in outcomes {
            if error is StartError { throw error }
            let detail = (error as? ObjectStoreError)?.logText ?? "\(error)"
            Logger(label: "start").error(
                "a step of the start failed; it is tried again", metadata: ["step": "\(name)", "error": "\(detail)"])
        }
    }
}
