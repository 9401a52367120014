import Metrics

/// The metrics of one dependency.
///
/// Every series is there from the start, at zero.
struct DependencyMetrics: Sendable {
    private let up: Gauge
    private let duration: Metrics.Timer
    private let checks: [String: Counter]
    private let transitions: [String: Counter]
    private let abandoned: Gauge

    init(dependency: String) {
        let label = ("dependency", dependency)
        up = Gauge(label: "slipway_dependency_up", dimensions: [label])
        duration = Metrics.Timer(label: "slipway_dependency_check_duration_seconds", dimensions: [label])
        checks = counters("slipway_dependency_checks_total", "result", CheckOutcome.labels, besides: [label])
        transitions = counters(
            "slipway_dependency_transitions_total", "to",
            [DependencyState.up, .down].map(\.rawValue), besides: [label])
        abandoned = Gauge(label: "slipway_dependency_abandoned_checks", dimensions: [label])
        up.record(0)
        abandoned.record(0)
    }

    func record(
        _ outcome: CheckOutcome, took: Duration, transition: DependencyTransition?, state: DependencyState,
        abandoned: Int
    ) {
        up.record(state == .up ? 1 : 0)
        duration.record(duration: took)
        checks[outcome.label]?.increment()
        if let transition { transitions[transition.is.rawValue]?.increment() }
        record(abandoned: abandoned)
    }

    func record(abandoned count: Int) { abandoned.record(count) }
}

/// The metrics of the dials of the SSH port.
struct DialMetrics: Sendable {
    private let duration = Metrics.Timer(label: "slipway_ssh_dial_duration_seconds", dimensions: [])
    private let dials = counters("slipway_ssh_dials_total", "result", DialResult.labels, besides: [])

    func record(_ result: DialResult, took: Duration) {
        duration.record(duration: took)
        dials[result.label]?.increment()
    }
}

/// The metric of ``Pulse``: the longest delay of the last readings, in seconds.
struct PulseMetrics: Sendable {
    private let lag = Gauge(label: "slipway_event_loop_lag_seconds", dimensions: [("loop", "swift")])

    init() { lag.record(0) }

    func record(_ longest: Duration) { lag.record(longest / .seconds(1)) }
}

/// The metrics of ``HealthBoard``, written at each scrape.
struct BoardMetrics: Sendable {
    private let ready = Gauge(label: "slipway_ready")
    private let draining = Gauge(label: "slipway_draining")
    private let simulatedFaults = Gauge(label: "slipway_simulated_faults")

    func record(isReady: Bool, isDraining: Bool, simulatedFaults count: Int) {
        ready.record(isReady ? 1 : 0)
        draining.record(isDraining ? 1 : 0)
        simulatedFaults.record(count)
    }
}

/// A counter for each value of a label, at zero.
private func counters(
    _ name: String, _ label: String, _ values: [String], besides others: [(String, String)]
) -> [String: Counter] {
    Dictionary(
        uniqueKeysWithValues: values.map { value in
            let counter = Counter(label: name, dimensions: others + [(label, value)])
            counter.increment(by: 0)
            return (value, counter)
        })
}
