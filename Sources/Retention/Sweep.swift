import Identifiers
import Logging
import ObjectStorage

/// One sweep.
struct Sweep {
    let sweeper: RetentionSweeper
    let isDryRun: Bool
    let report: (SweepItem) -> Void
    /// One moment for all decisions.
    let now: Int64
    var summary = SweepSummary()

    init(sweeper: RetentionSweeper, isDryRun: Bool, report: @escaping (SweepItem) -> Void) {
        self.sweeper = sweeper
        self.isDryRun = isDryRun
        self.report = report
        now = sweeper.now()
    }

    /// Goes through the store.
    mutating func run() async throws {
        try await sweepProbes()
        var inventory: AppInventory?
        for try await object in sweeper.store.list(prefix: "apps/") {
            let segments = object.key.rawValue.split(separator: "/")
            guard segments.count > 2, let app = Self.app(segments[1], after: inventory?.app) else {
                summary.foreign += 1
                continue
            }
            if let complete = inventory, complete.app != app {
                inventory = nil
                try await settle(complete)
            }
            // Out of the variable and back: two references to it would copy it for each object.
            var current = inventory ?? AppInventory(app: app)
            inventory = nil
            current.add(object, segments[2...])
            inventory = current
        }
        if let inventory { try await settle(inventory) }
    }

    /// The app of a key; most often that of the key before it.
    private static func app(_ segment: Substring, after previous: AppName?) -> AppName? {
        if let previous, previous.rawValue == segment { return previous }
        return try? AppName(String(segment))
    }

    /// Sweeps an app; one that cannot be swept does not keep the others from it.
    private mutating func settle(_ inventory: AppInventory) async throws {
        summary.apps += 1
        summary.foreign += inventory.foreign
        summary.left += inventory.left
        if inventory.left > 0 {
            sweeper.logger.warning(
                "an app has more builds and sources than one sweep looks at",
                metadata: ["app": "\(inventory.app)", "left": "\(inventory.left)"])
        }
        do {
            try await sweep(inventory)
        } catch let error as ObjectStoreError where error.kind.concernsOneObject {
            summary.failures.append("\(inventory.app): \(error)")
            sweeper.logger.error(
                "an app could not be swept",
                metadata: ["app": "\(inventory.app)", "error": "\(error)", "detail": "\(error.detail ?? "")"])
        }
    }

    /// Deletes what old checks of the store left.
    private mutating func sweepProbes() async throws {
        let oldest = now - RetentionSweeper.probeLifetime.components.seconds
        var batch: [ObjectMetadata] = []
        for try await object in sweeper.store.list(prefix: "health/") {
            guard object.key.rawValue.split(separator: "/").count == 2 else {
                summary.foreign += 1
                continue
            }
            if object.modified < oldest { batch.append(object) }
            if batch.count == Self.batchSize {
                try await deleteProbes(batch)
                batch = []
            }
        }
        try await deleteProbes(batch)
    }

    private mutating func deleteProbes(_ objects: [ObjectMetadata]) async throws {
        try await delete(objects.map(\.key))
        for object in objects {
            note(
                SweepItem(
                    subject: .probe(key: object.key.rawValue), objects: 1, bytes: object.size, time: object.modified))
        }
        summary.probes += objects.count
    }
}

extension ObjectStoreError.Kind {
    /// Whether other objects may well be fine.
    fileprivate var concernsOneObject: Bool {
        switch self {
        case .notFound, .conditionFailed, .invalidRange, .tooLarge, .notAllowed, .damaged: true
        case .noSpace, .unreachable, .noSuchBucket, .clockSkew, .throttled, .noCredentials, .unsupported, .misuse,
            .unresponsive, .simulated, .unavailable, .readOnly, .noDescriptors, .noDirectory:
            false
        }
    }
}
