import Health
import HealthServer
import Identifiers
import PushPipeline
import SSHServer
import Settings

/// What the status page shows: all of it from memory.
struct ServerStatus: StatusSource {
    let settings: Settings
    let board: HealthBoard
    let pushes: PushBoard
    let drain: DrainState
    let slots: @Sendable () -> SlotsReading
    let pushURL: @Sendable () -> String
    private let startedAt = WallTime.now
    private let start = ContinuousClock.now

    init(
        settings: Settings, board: HealthBoard, pushes: PushBoard, drain: DrainState,
        slots: @escaping @Sendable () -> SlotsReading, pushURL: @escaping @Sendable () -> String
    ) {
        self.settings = settings
        self.board = board
        self.pushes = pushes
        self.drain = drain
        self.slots = slots
        self.pushURL = pushURL
    }

    func report() -> StatusReport {
        let slots = slots()
        return StatusReport(
            version: Version.current, startedAt: startedAt, uptime: ContinuousClock.now - start, now: .now,
            pushURL: pushURL() + "/<app>", simulated: settings.simulate.map(\.description), drain: drain.text,
            readiness: board.readyz(), dependencies: board.dependencies.statuses, pushes: pushesInProgress,
            recentBuilds: pushes.builds.map(RecentBuild.init), connections: slots.count, connectionLimit: slots.limit,
            gateIsOn: settings.push.gate == .on)
    }

    /// Those that run, then those that wait, with their places.
    private var pushesInProgress: [PushInProgress] {
        let all = pushes.pushes
        var places: [String: Int] = [:]
        let waiting = all.filter(\.isQueued).map { push in
            places[push.app.rawValue, default: 0] += 1
            return PushInProgress(push, place: places[push.app.rawValue])
        }
        return all.filter { !$0.isQueued }.map { PushInProgress($0, place: nil) } + waiting
    }
}

extension PushInProgress {
    init(_ push: PushBoard.Push, place: Int?) {
        self.init(id: push.id.rawValue, app: push.app.rawValue, phase: push.phase, since: push.since, place: place)
    }
}

extension RecentBuild {
    init(_ build: PushBoard.Build) {
        self.init(
            id: build.id.rawValue, app: build.app.rawValue, outcome: build.outcome, hasSucceeded: build.hasSucceeded,
            finishedAt: build.finished, duration: build.duration, commit: build.commit)
    }
}
