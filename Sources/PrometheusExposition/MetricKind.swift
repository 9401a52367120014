/// What a metric is to Prometheus.
package enum MetricKind: Sendable, Equatable {
    /// Only goes up while the process lives; its name ends in `_total`.
    case counter
    /// Goes up and down.
    case gauge
    /// How often a value was at most each of `buckets`; upper bounds in the metric's unit, `+Inf` is added.
    case histogram(buckets: [Double])

    /// The word after `# TYPE`.
    var typeName: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}
