import Kubernetes
import Synchronization

/// Keeps up to date what is known of one Job, for whoever waits for a change of it.
///
/// It holds states, not a queue of events: a reader that is slow sees fewer of them, and nothing piles up.
final class JobWatch: Sendable {
    /// What can be away for itself.
    enum Source: Sendable, Hashable, CaseIterable {
        case pods, jobs
    }

    private struct State {
        var picture: JobPicture
        var outages: [Source: KubernetesError] = [:]
        var outageSince: ContinuousClock.Instant?
        var isPodTold = false
    }

    private let client: KubernetesClient
    private let namespace: String
    private let job: String
    private let build: String
    private let state: Mutex<State>
    /// Something has changed, or time has passed.
    let changes: AsyncStream<Void>
    private let change: AsyncStream<Void>.Continuation
    private let podNames: AsyncStream<String>
    private let podName: AsyncStream<String>.Continuation

    /// Knows the Job only.
    ///
    /// - Parameters:
    ///   - client: Asked for the Job, its pods and their events.
    ///   - namespace: Where they are.
    ///   - job: As it was created.
    ///   - build: The value of its label.
    init(_ client: KubernetesClient, namespace: String, job: JobObject, build: String) {
        self.client = client
        self.namespace = namespace
        self.job = job.metadata.name
        state = Mutex(State(picture: JobPicture(job)))
        self.build = build
        (changes, change) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (podNames, podName) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var picture: JobPicture { state.withLock { $0.picture } }

    /// Why the API is away, and since when; nil while it answers.
    var outage: (error: KubernetesError, since: ContinuousClock.Instant)? {
        state.withLock { state in
            guard let error = Source.allCases.compactMap({ state.outages[$0] }).first, let since = state.outageSince
            else { return nil }
            return (error, since)
        }
    }

    /// Watches until its task is cancelled.
    ///
    /// - Parameter tick: How often to tell of a change although there was none.
    func run(tick: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.watchPods() }
            group.addTask { await self.watchJob() }
            group.addTask { await self.watchEvents(of: self.job) }
            group.addTask {
                for await name in self.podNames { return await self.watchEvents(of: name) }
            }
            group.addTask {
                while (try? await Task.sleep(for: tick)) != nil { self.wake() }
            }
        }
    }

    func wake() { change.yield() }

    /// Takes note that the API, or a part of it, is away or there again.
    private func note(_ source: Source, _ error: KubernetesError?) {
        state.withLock { state in
            state.outages[source] = error
            state.outageSince = state.outages.isEmpty ? nil : state.outageSince ?? .now
        }
        wake()
    }

    private func watchPods() async {
        await watch(PodObject.self, .pods, .pods, labels: [BuildLabels.build: build]) { event, picture in
            switch event {
            case .listed(let pods): picture.list(pods)
            case .added(let pod), .modified(let pod): picture.see(pod)
            case .deleted(let pod): picture.lose(pod)
            case .interrupted: picture.interrupt()
            case .resumed: break
            }
        }
    }

    private func watchJob() async {
        await watch(JobObject.self, .jobs, .jobs, fields: ["metadata.name": job]) { event, picture in
            switch event {
            case .listed(let jobs):
                if let job = jobs.first { picture.see(job) } else { picture.loseJob() }
            case .added(let job), .modified(let job): picture.see(job)
            case .deleted(let job): picture.lose(job)
            case .interrupted, .resumed: break
            }
        }
    }

    private func watchEvents(of object: String) async {
        await watch(EventObject.self, .events, nil, fields: ["involvedObject.name": object]) { event, picture in
            switch event {
            case .listed(let events):
                for event in events.sorted(by: { $0.time < $1.time }) { picture.see(event) }
            case .added(let event), .modified(let event): picture.see(event)
            // Events are forgotten by the cluster after an hour; what they told stays true.
            case .deleted, .interrupted, .resumed: break
            }
        }
    }

    private func watch<Object: Decodable & Sendable>(
        _ type: Object.Type, _ kind: ResourceKind, _ source: Source?, labels: [String: String] = [:],
        fields: [String: String] = [:], _ apply: (WatchEvent<Object>, inout JobPicture) -> Void
    ) async {
        let events = client.watch(type, kind, namespace: namespace, labels: labels, fields: fields)
        do {
            for try await event in events {
                if let source {
                    switch event {
                    case .interrupted(let error): note(source, error)
                    case .resumed: note(source, nil)
                    default: break
                    }
                }
                let name = state.withLock { state -> String? in
                    apply(event, &state.picture)
                    guard !state.isPodTold, let name = state.picture.pod?.metadata.name else { return nil }
                    state.isPodTold = true
                    return name
                }
                if let name { podName.yield(name) }
                wake()
            }
        } catch {
            // It ends by cancellation only, and then nobody waits for it any more.
        }
    }
}
