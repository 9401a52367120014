import Identifiers
import ObjectStorage

/// All that the store has of one app, gathered while it is listed.
struct AppInventory {
    /// Builds, and sources, of one app that a sweep looks at; about 20 MB of memory.
    ///
    /// An app that pushes once a minute has 43,200 builds in the 30 days for which all are kept.
    static let limit = 100_000

    let app: AppName
    /// From the oldest on, as they are listed.
    private(set) var builds: [StoredBuild] = []
    /// In the order of their commits.
    private(set) var sources: [StoredSource] = []
    /// Objects whose names are none of ours.
    private(set) var foreign = 0
    /// Builds and sources beyond the limit; they stay, and have their turn when others are gone.
    private(set) var left = 0

    private let limit: Int

    init(app: AppName, limit: Int = AppInventory.limit) {
        self.app = app
        self.limit = limit
    }

    /// Takes an object in.
    ///
    /// - Parameters:
    ///   - object: One of the app's; they come in the order of their keys.
    ///   - segments: Its key without `apps/<app>/`.
    mutating func add(_ object: ObjectMetadata, _ segments: ArraySlice<Substring>) {
        switch AppObject(segments) {
        case .build(let id, let part):
            if builds.last?.id != id { append(StoredBuild(id: id)) }
            builds[builds.count - 1].add(part, object)
        case .source(let commit):
            guard sources.count < limit else { return left += 1 }
            sources.append(StoredSource(commit: commit, size: object.size, modified: object.modified))
        case nil: foreign += 1
        }
    }

    /// Keeps the newest builds: which of them is among the last so many decides about all others.
    private mutating func append(_ build: StoredBuild) {
        // Half at a time, or each would move all others.
        if builds.count >= limit {
            builds.removeFirst(limit - limit / 2)
            left += limit - limit / 2
        }
        builds.append(build)
    }
}
