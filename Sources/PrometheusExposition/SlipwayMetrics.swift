/// Every metric that Slipway has, with what it means.
///
/// `scripts/check-monitoring` reads these files: alerts and the dashboard may name no other metric, label or value.
package enum SlipwayMetrics {
    /// For a registry.
    package static let catalogue: [MetricDescription] = dependencies + pushes + s3 + retention + ssh + health + process

    /// What the registry itself records.
    static let droppedSeries = MetricDescription.counter(
        "slipway_metrics_dropped_series_total",
        "Series that were not kept: a metric with too many of them (limit), or of another kind (mismatch).",
        .closed("cause", ["limit", "mismatch"]))
}
