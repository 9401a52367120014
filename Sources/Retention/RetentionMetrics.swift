package import Metrics

/// What is counted of sweeps.
package struct RetentionMetrics: Sendable {
    let succeeded: Counter
    let failed: Counter
    let deletedObjects: Counter
    let deletedBytes: Counter
    let duration: Metrics.Timer

    /// Makes the series, at zero: a rate needs a value before the first event.
    ///
    /// - Parameter factory: Where they are kept.
    package init(factory: any MetricsFactory = MetricsSystem.factory) {
        func runs(_ result: String) -> Counter {
            Counter(label: "slipway_sweep_runs_total", dimensions: [("result", result)], factory: factory)
        }
        succeeded = runs("ok")
        failed = runs("failed")
        deletedObjects = Counter(label: "slipway_sweep_deleted_objects_total", factory: factory)
        deletedBytes = Counter(label: "slipway_sweep_deleted_bytes_total", factory: factory)
        duration = Metrics.Timer(label: "slipway_sweep_duration_seconds", factory: factory)
        for counter in [succeeded, failed, deletedObjects, deletedBytes] { counter.increment(by: 0) }
    }
}
