import CoreMetrics
package import Health
package import Identifiers
import Synchronization

/// The pushes that run or wait, and the last builds: what the status page shows of them.
///
/// Memory only, and bounded: nobody waits for it.
package final class PushBoard: Sendable {
    /// A push as others may see it.
    package struct Push: Sendable, Equatable {
        package let id: PushID
        package let app: AppName
        /// What happens now: `receive`, `build`; `queue` while it waits for another push to its app.
        package let phase: String
        /// When ``phase`` began.
        package let since: WallTime
        package let started: WallTime

        package var isQueued: Bool { phase == PushPhase.queue.rawValue }
    }

    /// A build that has ended.
    package struct Build: Sendable, Equatable {
        package let id: PushID
        package let app: AppName
        package let commit: String
        package let outcome: String
        package let hasSucceeded: Bool
        package let finished: WallTime
        package let duration: Duration
    }

    /// As many builds are remembered, the newest first.
    package static let maximumBuilds = 20

    private let state = Mutex((pushes: [PushID: Push](), builds: [Build]()))

    package init() {}

    /// The pushes that run or wait, the oldest first.
    package var pushes: [Push] { state.withLock { $0.pushes.values.sorted { $0.id < $1.id } } }

    /// The last builds since the start, the newest first.
    package var builds: [Build] { state.withLock { $0.builds } }

    func begin(_ id: PushID, _ app: AppName) {
        let push = Push(id: id, app: app, phase: "refs", since: .now, started: .now)
        change { $0.pushes[id] = push }
    }

    func enter(_ phase: PushPhase, _ id: PushID) {
        change { state in
            guard let push = state.pushes[id] else { return }
            state.pushes[id] = Push(
                id: id, app: push.app, phase: phase.rawValue, since: .now, started: push.started)
        }
    }

    func end(_ id: PushID) {
        change { $0.pushes[id] = nil }
    }

    func add(_ build: Build) {
        change { state in
            state.builds.insert(build, at: 0)
            if state.builds.count > Self.maximumBuilds { state.builds.removeLast() }
        }
    }

    private func change(_ body: (inout (pushes: [PushID: Push], builds: [Build])) -> Void) {
        let (all, queued) = state.withLock { state in
            body(&state)
            return (state.pushes.count, state.pushes.values.count(where: \.isQueued))
        }
        PushMetrics.shared.inProgress.record(all - queued)
        PushMetrics.shared.queued.record(queued)
    }
}
