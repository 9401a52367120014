import Builds
import Kubernetes
package import Logging
package import ObjectStorage

/// Removes the Jobs of servers that are no more: nobody waits for what they build, and they must not build twice.
///
/// A server decides on its own Jobs of earlier starts, and on those of pods in its own namespace that are gone. Jobs of
/// servers that live, or of which it cannot know, it leaves alone; the deadline of each Job ends those in the worst case.
package struct OrphanedJobs: Sendable {
    /// How long one round may take.
    private static let patience = Duration.seconds(120)

    private let executor: KubernetesExecutor
    private let interval: Duration
    private let onOrphan: @Sendable (ObjectKey) async throws -> Void
    private let logger: Logger

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
                try await withTimeLimit(Self.patience) { _ = try await sweep() }
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
    /// - Returns: How many.
    /// - Throws: `KubernetesError` when they cannot be listed.
    @discardableResult
    package func sweep() async throws -> Int {
        let namespace = executor.configuration.namespace
        let jobs = try await executor.client.list(JobObject.self, .jobs, namespace: namespace, labels: BuildLabels.ours)
        var living: [String: Bool] = [:]
        var removed = 0
        for job in jobs.items where job.metadata.deletionTimestamp == nil {
            // This server closes the records of its own builds, and may be about to.
            if job.end != nil, isOfThisStart(job) { continue }
            do {
                guard let reason = try await orphanage(of: job, &living) else { continue }
                // First: once its Job is gone, nobody finds the record of a build any more.
                try await close(job)
                guard job.end == nil else { continue }
                // One that has ended meanwhile is deleted too; its time is up a little earlier, that is all.
                let isGone = try await executor.client.delete(
                    .jobs, namespace: namespace, name: job.metadata.name, uid: job.metadata.uid,
                    propagation: .background)
                guard isGone else { continue }
                removed += 1
                logger.notice(
                    "removed the Job of a build that nobody waits for",
                    metadata: ["job": "\(namespace)/\(job.metadata.name.oneLine(100))", "reason": "\(reason)"])
            } catch {
                try Task.checkCancellation()
                logger.warning(
                    "an orphaned Job could not be closed or removed; it is tried again",
                    metadata: ["job": "\(namespace)/\(job.metadata.name.oneLine(100))", "error": "\(error)"])
            }
        }
        return removed
    }

    private func isOfThisStart(_ job: JobObject) -> Bool {
        job.metadata.labels?[BuildLabels.boot] == BuildLabels.value(executor.configuration.server.boot)
    }

    /// Why nobody waits for a Job; nil when somebody does, or may.
    private func orphanage(of job: JobObject, _ living: inout [String: Bool]) async throws -> String? {
        let labels = job.metadata.labels ?? [:]
        let me = executor.configuration.server
        guard let server = labels[BuildLabels.server], let boot = labels[BuildLabels.boot],
            let build = labels[BuildLabels.build],
            job.metadata.annotations?[BuildLabels.serverNamespace] == me.namespace
        else { return nil }
        if server == BuildLabels.value(me.name) {
            guard boot == BuildLabels.value(me.boot) else { return "its server has been started anew" }
            return executor.running.contains(build) ? nil : "its build has ended here"
        }
        guard let namespace = me.namespace else { return nil }
        let isAlive: Bool
        if let known = living[server] {
            isAlive = known
        } else {
            let pod = try await executor.client.get(PodObject.self, .pods, namespace: namespace, name: server)
            isAlive = pod.map { !["Succeeded", "Failed"].contains($0.status?.phase) } ?? false
            living[server] = isAlive
        }
        return isAlive ? nil : "its server is gone"
    }

    private func close(_ job: JobObject) async throws {
        guard let text = job.metadata.annotations?[BuildLabels.record], let key = try? ObjectKey(text) else { return }
        try await onOrphan(key)
    }
}
