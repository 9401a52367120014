import Builds
import Kubernetes
package import Logging
package import ObjectStorage
import Synchronization

/// Removes the Jobs of servers that are no more: nobody waits for what they build, and they must not build twice.
///
/// A server decides on its own Jobs of earlier starts, and on those of pods in its own namespace that are gone. Jobs of
/// servers that live, or of which it cannot know, it leaves alone; the deadline of each Job ends those in the worst case.
package final class OrphanedJobs: Sendable {
    /// How long one round may take.
    private static let patience = Duration.seconds(120)
    /// How long one record may take to be closed: a store that is away must not keep Jobs going.
    private static let closing = Duration.seconds(10)
    /// How many are looked after at once.
    private static let width = 8

    private let executor: KubernetesExecutor
    private let interval: Duration
    private let onOrphan: @Sendable (ObjectKey) async throws -> Void
    private let logger: Logger
    private let memory = Mutex(Memory())

    /// What was done in earlier rounds.
    private struct Memory {
        /// UIDs of ended Jobs whose records are closed.
        var closed: Set<String> = []
        /// UIDs of Jobs of this start that nobody waited for in the last round, and not in those before it: a build that is
        /// tried again may be waited for in between.
        var suspected: Set<String> = []
        /// Records of Jobs that were removed, by UID, that could not be closed.
        var unclosed: [String: ObjectKey] = [:]
    }

    /// Makes a sweeper of an executor's namespace.
    ///
    /// - Parameters:
    ///   - executor: Knows which builds are its own.
    ///   - interval: From round to round.
    ///   - logger: Told of each Job that is removed.
    ///   - onOrphan: Given the key of the record of a build whose server is gone, which may still say that it runs; perhaps
    ///     several times.
    package init(
        executor: KubernetesExecutor, interval: Duration = .seconds(180), logger: Logger = Logger(label: "builds"),
        onOrphan: @escaping @Sendable (ObjectKey) async throws -> Void = { _ in }
    ) {
        self.executor = executor
        self.interval = interval
        self.logger = logger
        self.onOrphan = onOrphan
    }

    /// Looks at once, and again and again until its task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            do {
                try await withTimeLimit(Self.patience) { _ = try await self.sweep() }
            } catch {
                if Task.isCancelled { return }
                logger.warning("orphaned Jobs could not be looked for", metadata: ["error": "\(error)"])
            }
            do { try await Task.sleep(for: interval) } catch { return }
        }
    }

    /// Removes the orphans that there are now, and closes the records of those that have ended by themselves meanwhile.
    ///
    /// What has ended stays for its time, for people to look at.
    ///
    /// - Returns: How many were removed.
    /// - Throws: `KubernetesError` when they cannot be listed, `CancellationError`.
    @discardableResult
    package func sweep() async throws -> Int {
        let namespace = executor.configuration.namespace
        let left = executor.running.left
        // A round that fails has suspected nobody.
        let suspected = memory.withLock { memory in
            defer { memory.suspected = [] }
            return memory.suspected
        }
        let listed = try await executor.client.list(
            JobObject.self, .jobs, namespace: namespace, labels: BuildLabels.ours)
        let jobs = listed.items.filter { $0.metadata.deletionTimestamp == nil }
        memory.withLock { $0.closed.formIntersection(jobs.map(\.identity)) }
        executor.running.forget(left.subtracting(jobs.compactMap { $0.metadata.labels?[BuildLabels.build] }))
        let living = await servers(of: jobs)
        // What still runs first: it may build what somebody has pushed again meanwhile.
        let removed = try await count(jobs.filter { $0.end == nil }) {
            try await self.remove($0, living, suspected)
        }
        try await count(jobs.filter { $0.end != nil }) { try await self.settle($0, living) }
        for (uid, key) in memory.withLock({ $0.unclosed }) where try await close(key, of: uid) {
            memory.withLock { $0.unclosed[uid] = nil }
        }
        return removed
    }

    /// Does something for several Jobs at a time.
    ///
    /// - Returns: For how many it returned true; those that fail are told in the log.
    /// - Throws: `CancellationError`.
    @discardableResult
    private func count(
        _ jobs: [JobObject], _ body: @escaping @Sendable (JobObject) async throws -> Bool
    ) async throws -> Int {
        var rest = jobs[...]
        var count = 0
        await withTaskGroup(of: Bool.self) { group in
            func begin() {
                guard let job = rest.popFirst(), !Task.isCancelled else { return }
                group.addTask {
                    do {
                        return try await body(job)
                    } catch {
                        if !Task.isCancelled { self.tell(error, of: job) }
                        return false
                    }
                }
            }
            for _ in 0..<Self.width { begin() }
            for await isDone in group {
                if isDone { count += 1 }
                begin()
            }
        }
        try Task.checkCancellation()
        return count
    }

    private func tell(_ error: any Error, of job: JobObject) {
        logger.warning(
            "an orphaned Job could not be removed; it is tried again",
            metadata: [
                "job": "\(executor.configuration.namespace)/\(job.metadata.name.oneLine(100))", "error": "\(error)",
            ])
    }

    /// Removes a Job that runs, if nobody waits for it.
    private func remove(
        _ job: JobObject, _ living: [String: Bool], _ suspected: Set<String>
    ) async throws -> Bool {
        guard let reason = orphanage(of: job, living) else { return false }
        let isKnown = !isOfThisStart(job) || wasSuspected(job, suspected)
        guard isKnown || isLeft(job) else { return false }
        // First: should this server end now, nobody would find the record of a build whose Job is gone. That of a build
        // which has just been left behind is written by who waited for it.
        if isKnown, let key = record(of: job), try await !close(key, of: job.identity) {
            memory.withLock { $0.unclosed[job.identity] = key }
        }
        // One that has ended meanwhile is deleted too; its time is up a little earlier, that is all.
        let namespace = executor.configuration.namespace
        let isGone = try await executor.client.delete(
            .jobs, namespace: namespace, name: job.metadata.name, uid: job.metadata.uid, propagation: .background)
        if isGone {
            logger.notice(
                "removed the Job of a build that nobody waits for",
                metadata: ["job": "\(namespace)/\(job.metadata.name.oneLine(100))", "reason": "\(reason)"])
        }
        return isGone
    }

    /// Closes the record of a Job that has ended, once.
    private func settle(_ job: JobObject, _ living: [String: Bool]) async throws -> Bool {
        let uid = job.identity
        // This server closes the records of its own builds, and may be about to.
        guard !isOfThisStart(job), !memory.withLock({ $0.closed.contains(uid) }), orphanage(of: job, living) != nil,
            let key = record(of: job), try await close(key, of: uid)
        else { return false }
        memory.withLock { _ = $0.closed.insert(uid) }
        return true
    }

    /// Takes note that nobody waits for a Job of this start.
    ///
    /// A build that has just returned has not written its record yet, and its Job may have ended since it was listed: that
    /// one stays for its time, and its record is not ours to close. In the next round it has ended; what still runs then was
    /// left behind.
    ///
    /// - Returns: Whether that was so in the last round.
    private func wasSuspected(_ job: JobObject, _ suspected: Set<String>) -> Bool {
        memory.withLock { _ = $0.suspected.insert(job.identity) }
        return suspected.contains(job.identity)
    }

    /// Whether it is of a build of this start that has returned, and could not remove it.
    private func isLeft(_ job: JobObject) -> Bool {
        job.metadata.labels?[BuildLabels.build].map(executor.running.left.contains) ?? false
    }

    private func isOfThisStart(_ job: JobObject) -> Bool {
        job.metadata.labels?[BuildLabels.boot] == BuildLabels.value(executor.configuration.server.boot)
    }

    /// Which of the servers that made these Jobs are alive; one of which it cannot be known is left out.
    private func servers(of jobs: [JobObject]) async -> [String: Bool] {
        guard let namespace = executor.configuration.server.namespace else { return [:] }
        var living: [String: Bool] = [:]
        for name in Set(jobs.filter(isOfOurNamespace).compactMap { $0.metadata.labels?[BuildLabels.server] })
        where name != BuildLabels.value(executor.configuration.server.name) {
            do {
                let pod = try await executor.client.get(PodObject.self, .pods, namespace: namespace, name: name)
                living[name] = pod.map { !["Succeeded", "Failed"].contains($0.status?.phase) } ?? false
            } catch {
                logger.warning(
                    "it cannot be known whether a server is gone, so its Jobs are left alone",
                    metadata: ["pod": "\(namespace)/\(name.oneLine(100))", "error": "\(error)"])
            }
        }
        return living
    }

    private func isOfOurNamespace(_ job: JobObject) -> Bool {
        job.metadata.annotations?[BuildLabels.serverNamespace] == executor.configuration.server.namespace
    }

    /// Why nobody waits for a Job; nil when somebody does, or may.
    private func orphanage(of job: JobObject, _ living: [String: Bool]) -> String? {
        let labels = job.metadata.labels ?? [:]
        let me = executor.configuration.server
        guard isOfOurNamespace(job), let server = labels[BuildLabels.server], let boot = labels[BuildLabels.boot],
            let build = labels[BuildLabels.build]
        else { return nil }
        if server == BuildLabels.value(me.name) {
            guard boot == BuildLabels.value(me.boot) else { return "its server has been started anew" }
            return executor.running.contains(build) ? nil : "its build has ended here"
        }
        return living[server] == false ? "its server is gone" : nil
    }

    private func record(of job: JobObject) -> ObjectKey? {
        job.metadata.annotations?[BuildLabels.record].flatMap { try? ObjectKey($0) }
    }

    /// - Returns: Whether that is done.
    /// - Throws: `CancellationError`.
    private func close(_ key: ObjectKey, of uid: String) async throws -> Bool {
        let onOrphan = onOrphan
        do {
            try await withTimeLimit(Self.closing) { try await onOrphan(key) }
            return true
        } catch {
            try Task.checkCancellation()
            logger.warning(
                "the record of a build without a server could not be closed; it is tried again",
                metadata: ["key": "\(key)", "error": "\(error)"])
            return false
        }
    }
}

extension JobObject {
    /// Tells it from others, also of the same name; servers give all objects a UID.
    fileprivate var identity: String { metadata.uid ?? metadata.name }
}
