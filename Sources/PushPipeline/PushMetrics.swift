import Builds
import Metrics

/// What is counted of pushes.
struct PushMetrics: Sendable {
    static let shared = PushMetrics()

    /// How a push ended.
    enum Outcome: String, CaseIterable {
        case accepted
        /// Refused for its content, or its build failed.
        case refused
        /// A fault of the builder or of what it depends on.
        case failed
        /// Refused at the gate.
        case gate
        /// The client hung up, or the builder shut down.
        case cancelled
        /// Everything was up to date.
        case nothing
    }

    let gatePassed = Self.gate("passed")
    let gateRefused = Self.gate("refused")
    let gateOff = Self.gate("off")
    let gateDuration = Metrics.Timer(label: "slipway_gate_duration_seconds")
    let duration = Metrics.Timer(label: "slipway_push_duration_seconds")
    let receivedBytes = Counter(label: "slipway_push_received_bytes_total")
    let receivedObjects = Counter(label: "slipway_push_received_objects_total")
    let inProgress = Gauge(label: "slipway_pushes_in_progress")
    let queued = Gauge(label: "slipway_pushes_queued")
    let retries = Counter(label: "slipway_push_retries_total")
    private let outcomes: [Outcome: Counter]
    private let phases: [PushPhase: Metrics.Timer]
    private let builds: [BuildOutcome: Counter]

    private init() {
        // All series are there from the start, at zero: a rate needs a value before the first event.
        outcomes = Self.each(Outcome.allCases) {
            Counter(label: "slipway_pushes_total", dimensions: [("outcome", $0.rawValue)])
        }
        phases = Self.each(PushPhase.allCases) {
            Metrics.Timer(label: "slipway_push_phase_duration_seconds", dimensions: [("phase", $0.rawValue)])
        }
        builds = Self.each(BuildOutcome.allCases) {
            Counter(label: "slipway_builds_total", dimensions: [("outcome", $0.label)])
        }
        inProgress.record(0)
        queued.record(0)
    }

    func ended(_ outcome: Outcome, after time: Duration) {
        outcomes[outcome]?.increment()
        duration.record(time)
    }

    func phase(_ name: String, took time: Duration) {
        PushPhase(rawValue: name).flatMap { phases[$0] }?.record(time)
    }

    func built(_ outcome: BuildOutcome) { builds[outcome]?.increment() }

    private static func gate(_ answer: String) -> Counter {
        Counter(label: "slipway_gate_answers_total", dimensions: [("answer", answer)])
    }

    private static func each<Key: Hashable, Metric>(_ keys: [Key], _ make: (Key) -> Metric) -> [Key: Metric] {
        Dictionary(uniqueKeysWithValues: keys.map { ($0, make($0)) })
    }
}

extension Metrics.Timer {
    /// Records a duration.
    func record(_ duration: Duration) {
        recordNanoseconds(Int64(duration / .nanoseconds(1)))
    }
}

extension BuildOutcome {
    /// The outcome as metrics write it.
    fileprivate var label: String {
        switch self {
        case .timedOut: "timed_out"
        case .logTooLarge: "log_too_large"
        case .succeeded, .failed, .signalled, .refused, .cancelled, .error: rawValue
        }
    }
}
