import Logging
import Synchronization

/// How long each phase of one push took.
final class PhaseClock: Sendable {
    private let phases = Mutex<[(name: String, duration: Duration)]>([])

    /// Runs `body` and keeps its time, also when it throws.
    func measure<Result>(_ name: String, _ body: () async throws -> Result) async rethrows -> Result {
        let start = ContinuousClock.now
        defer { add(name, ContinuousClock.now - start) }
        return try await body()
    }

    /// Adds a phase that somebody else measured.
    func add(_ name: String, _ duration: Duration) {
        PushMetrics.shared.phase(name, took: duration)
        phases.withLock { phases in
            if let index = phases.firstIndex(where: { $0.name == name }) {
                phases[index].duration += duration
            } else {
                phases.append((name, duration))
            }
        }
    }

    /// For people: `receive 0.1 s, build 3.2 s`.
    var summary: String {
        phases.withLock { $0.map { "\($0.name) \($0.duration.inWords)" }.joined(separator: ", ") }
    }

    /// For the log: milliseconds by phase.
    var metadata: Logger.Metadata {
        phases.withLock { phases in
            Logger.Metadata(
                phases.map { ("\($0.name)_ms", "\(Int64($0.duration / .milliseconds(1)))") }, uniquingKeysWith: { $1 })
        }
    }
}
