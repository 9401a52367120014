import CoreMetrics

/// What the health server counts and measures; made once, so that every series is there from the start.
struct HealthServerMetrics: Sendable {
    private let answers: [Endpoint: [Int: Counter]]
    private let lag: Gauge

    /// Makes the series.
    ///
    /// - Parameter factory: Where they are kept.
    init(factory: any MetricsFactory = MetricsSystem.factory) {
        var answers: [Endpoint: [Int: Counter]] = [:]
        for endpoint in Endpoint.allCases {
            for code in endpoint.codes {
                let counter = Counter(
                    label: "slipway_probe_answers_total",
                    dimensions: [("endpoint", endpoint.rawValue), ("code", "\(code)")], factory: factory)
                counter.increment(by: 0)
                answers[endpoint, default: [:]][code] = counter
            }
        }
        self.answers = answers
        lag = Gauge(label: "slipway_event_loop_lag_seconds", dimensions: [("loop", "http")], factory: factory)
        lag.record(0)
    }

    /// Counts an answer.
    ///
    /// - Parameters:
    ///   - endpoint: What was asked.
    ///   - code: The status code; one that the endpoint never gives is not counted.
    func answered(_ endpoint: Endpoint, code: Int) {
        answers[endpoint]?[code]?.increment()
    }

    /// Notes how late the event loop came to its timers lately.
    ///
    /// - Parameter seconds: How late at most.
    func woke(secondsLate seconds: Double) { lag.record(seconds) }
}
