package import Builds
package import Kubernetes
package import Logging
import NIOPosix

/// Runs builds as Jobs of a Kubernetes cluster, one each.
package struct KubernetesExecutor: BuildExecutor {
    package let name = "kubernetes"
    package let title = "Kubernetes"
    package let wantsSourceDigest = true
    let configuration: KubernetesBuildConfiguration
    let client: KubernetesClient
    let running = RunningBuilds()
    let rights: AccessMemory
    let logger: Logger
    private let slots: BuildSlots
    private let templates: PodTemplates

    /// Makes an executor; it asks nothing of the cluster before its first build or check.
    ///
    /// - Parameters:
    ///   - configuration: How builds run.
    ///   - client: Whoever made it shuts it down, after all builds have ended.
    ///   - logger: Told of what concerns operators only.
    package init(
        configuration: KubernetesBuildConfiguration, client: KubernetesClient, logger: Logger = Logger(label: "builds")
    ) {
        self.configuration = configuration
        self.client = client
        self.logger = logger
        slots = BuildSlots(limit: configuration.maximumConcurrentBuilds)
        templates = PodTemplates(directory: configuration.podTemplates)
        rights = AccessMemory(configuration)
    }

    package var abilities: BuildAbilities {
        BuildAbilities(
            dockerfiles: configuration.buildsImages
                ? .yes : .no(remedy: "this builder has no registry to push images to (kubernetes.registry)"),
            buildpacks: configuration.buildsImages && !configuration.builderImage.isEmpty)
    }

    package func run(
        _ request: BuildRequest, source: BuildSource, progress: BuildProgress, artifact: BuildArtifactStore
    ) async throws -> BuildResult {
        try await slots.withSlot { ahead in
            let place = ahead == 0 ? "it is next" : "\(ahead) wait before it"
            try await progress.note("Waiting: as many builds run as this server allows (\(slots.limit)); \(place)")
        } body: {
            try await running.run(request.id) {
                let spec = try await describe(request, source, artifact)
                return try await build(spec, progress, artifact)
            }
        }
    }

    private func describe(
        _ request: BuildRequest, _ source: BuildSource, _ artifact: BuildArtifactStore
    ) async throws -> JobSpec {
        let template = try await templates.template(app: request.app, recipe: request.recipe)
        // A URL lives as long as its container may take to begin, and then as long as it may take.
        let untilFetched = configuration.startTimeout + configuration.fetchMargin
        let untilStored = configuration.longest(storesArtifact: true)
        let makesImage = request.recipe.makesImage
        return try JobSpec(
            request, configuration, template: template, sourceURL: await source.url(for: untilFetched),
            artifactURL: makesImage ? "" : await artifact.uploadURL(for: untilStored))
    }

    private func build(
        _ spec: JobSpec, _ progress: BuildProgress, _ artifact: BuildArtifactStore
    ) async throws -> BuildResult {
        let jobs = BuildJobs(client: client, configuration: configuration, running: running, logger: logger)
        let job = try await jobs.create(spec)
        do {
            try Task.checkCancellation()
            let (result, ending) = try await follow(spec, job, progress, artifact)
            // One that has ended by itself stays for its time, for people to look at.
            if !ending.leavesJob { await jobs.remove(spec) }
            return result
        } catch let stop as BuildStop {
            await jobs.remove(spec)
            return stop.result
        } catch {
            await jobs.remove(spec)
            throw error
        }
    }

    private func follow(
        _ spec: JobSpec, _ job: JobObject, _ progress: BuildProgress, _ artifact: BuildArtifactStore
    ) async throws -> (BuildResult, JobEnding) {
        let watch = JobWatch(
            client, namespace: configuration.namespace, job: job, build: BuildLabels.value(spec.request.id))
        let tick = configuration.timing.tick
        let watching = Task { await watch.run(tick: tick) }
        let follower = BuildFollower(spec, watch: watch, client: client, progress: progress, logger: logger)
        let conclusion = BuildConclusion(spec: spec, follower: follower, progress: progress, artifact: artifact)
        let result: Result<(BuildResult, JobEnding), any Error>
        do {
            let ending = try await follower.follow()
            result = .success((try await conclusion.result(of: ending), ending))
        } catch {
            result = .failure(error)
        }
        watching.cancel()
        await watching.value
        return try result.get()
    }
}
