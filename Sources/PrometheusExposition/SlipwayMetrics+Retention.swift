/// What the sweep of old builds does.
extension SlipwayMetrics {
    static let retention: [MetricDescription] = [
        .counter(
            "slipway_sweep_runs_total", "Sweeps of old builds and sources by how they ended.",
            .closed("result", ["ok", "failed"])),
        .counter("slipway_sweep_deleted_objects_total", "Objects that sweeps deleted."),
        .counter("slipway_sweep_deleted_bytes_total", "Bytes of the objects that sweeps deleted."),
        .histogram(
            "slipway_sweep_duration_seconds", "How long sweeps took.",
            buckets: [0.1, 1, 10, 60, 300, 900, 3600, 14_400]),
    ]
}
