import Builds
import Kubernetes
import Logging

/// Makes a build's Job, once, and removes it.
struct BuildJobs: Sendable {
    private static let firstPause = Duration.milliseconds(250)
    private static let longestPause = Duration.seconds(2)

    let client: KubernetesClient
    let configuration: KubernetesBuildConfiguration
    let running: RunningBuilds
    let logger: Logger

    private var timing: KubernetesTiming { configuration.timing }

    /// Creates a Job; when it is there already and is ours, because an answer was lost, that is it.
    ///
    /// Where it may be there although this throws, it is removed: a Job that nobody knows of would go on.
    ///
    /// - Returns: The Job as the cluster has it.
    /// - Throws: `ExecutorUnavailable`, `CancellationError`.
    func create(_ spec: JobSpec) async throws -> JobObject {
        let end = ContinuousClock.now + timing.creation
        var pause = Self.firstPause
        var mayBeThere = false
        do {
            while true {
                try Task.checkCancellation()
                do {
                    return try await send(spec)
                } catch let error as KubernetesError {
                    mayBeThere = mayBeThere || error.leavesDoubt
                    // What was certainly not begun is the push's to try again: it tells the pusher meanwhile.
                    guard error.leavesDoubt || error.kind == .alreadyExists else { throw ExecutorUnavailable(error) }
                    if let found = try await find(spec) { return found }
                    guard .now + pause < end else { throw ExecutorUnavailable(error) }
                } catch is CancellationError {
                    mayBeThere = true
                    throw CancellationError()
                }
                try await Task.sleep(for: pause)
                pause = min(pause * 2, Self.longestPause)
            }
        } catch {
            guard mayBeThere, await !remove(spec), let problem = error as? ExecutorUnavailable else { throw error }
            // It may have run, unseen: it must not be tried again.
            throw ExecutorUnavailable(
                cause: "\(problem.cause); it is not known whether the build has begun",
                detail: "\(problem.detail); its Job may have run, and is removed", mayHaveRun: true)
        }
    }

    /// Sends a Job once; a push that is cancelled leaves it a moment to come to a clear end.
    private func send(_ spec: JobSpec) async throws -> JobObject {
        let (client, namespace, grace) = (client, configuration.namespace, timing.cancelledCreation)
        let creation = Task { try await client.create(JobObject.self, .jobs, spec.object, namespace: namespace) }
        return try await withTaskCancellationHandler {
            try await creation.value
        } onCancel: {
            Task {
                try? await Task.sleep(for: grace)
                creation.cancel()
            }
        }
    }

    /// The Job of that name if it is this build's; nil when it is on its way out, or gone again, or cannot be seen now.
    private func find(_ spec: JobSpec) async throws -> JobObject? {
        let found: JobObject?
        do {
            found = try await client.get(JobObject.self, .jobs, namespace: configuration.namespace, name: spec.name)
        } catch let error as KubernetesError {
            guard error.isTransient else { throw ExecutorUnavailable(error) }
            return nil
        }
        guard let found, found.metadata.deletionTimestamp == nil else { return nil }
        guard found.isOurs(spec.request.id, of: configuration.server) else {
            throw ExecutorUnavailable(
                cause: "the cluster has another Job by the name of the build's", detail: "Job \(spec.name)",
                mayPass: false)
        }
        return found
    }

    /// Deletes a Job with its pods and waits until they are gone, also when the calling task is cancelled.
    ///
    /// It gives up after a while: ``OrphanedJobs`` comes back to it.
    ///
    /// - Returns: Whether there was none, for certain.
    @discardableResult
    func remove(_ spec: JobSpec) async -> Bool {
        let limit = timing.removal
        let removal = Task {
            try await withTimeLimit(limit) {
                let wasThere = try await self.delete(spec)
                try await self.waitForPods(of: spec)
                return !wasThere
            }
        }
        switch await removal.result {
        case .success(let wasMissing): return wasMissing
        case .failure(let error):
            running.leave(spec.request.id)
            logger.warning(
                "a build's Job could not be removed with its pods; it is tried again later",
                metadata: ["job": "\(configuration.namespace)/\(spec.name)", "error": "\(error)"])
            return false
        }
    }

    /// - Returns: Whether it was there, or may have been.
    private func delete(_ spec: JobSpec) async throws -> Bool {
        let namespace = configuration.namespace
        var pause = Self.firstPause
        var wasThere = false
        while true {
            do {
                let found = try await client.get(JobObject.self, .jobs, namespace: namespace, name: spec.name)
                guard let found, found.isOurs(spec.request.id, of: configuration.server) else { return wasThere }
                wasThere = true
                try await client.delete(
                    .jobs, namespace: namespace, name: spec.name, uid: found.metadata.uid, propagation: .background)
                return true
            } catch let error as KubernetesError where error.isTransient {
                try await Task.sleep(for: pause)
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }

    private func waitForPods(of spec: JobSpec) async throws {
        while true {
            let pods = try await client.list(
                PodObject.self, .pods, namespace: configuration.namespace,
                labels: [BuildLabels.build: BuildLabels.value(spec.request.id)])
            guard pods.items.contains(where: \.isAlive) else { return }
            try await Task.sleep(for: Self.firstPause)
        }
    }
}

extension PodObject {
    /// Whether anything of it may still run; nodes take their time to forget a pod whose containers have ended.
    fileprivate var isAlive: Bool {
        if ["Succeeded", "Failed"].contains(status?.phase) { return false }
        let states = (status?.initContainerStatuses ?? []) + (status?.containerStatuses ?? [])
        return metadata.deletionTimestamp == nil || states.contains { $0.state?.running != nil }
    }
}
