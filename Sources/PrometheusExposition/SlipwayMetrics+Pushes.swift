/// Pushes and builds.
extension SlipwayMetrics {
    static let pushes: [MetricDescription] = [
        .counter(
            "slipway_pushes_total",
            "Pushes by how they ended: accepted, refused for the pusher's reasons, failed for the server's, refused at the gate, cancelled by a client that went away, or with nothing to push.",
            .closed("outcome", ["accepted", "refused", "failed", "gate", "cancelled", "nothing"])),
        .histogram(
            "slipway_push_duration_seconds", "How long pushes took, from the request to the exit status.",
            buckets: pushBuckets),
        .histogram(
            "slipway_push_phase_duration_seconds", "How long the phases of pushes took.",
            buckets: phaseBuckets,
            .closed(
                "phase",
                ["queue", "receive", "check", "source", "fetch", "unpack", "build", "artifact", "promote"])),
        .counter("slipway_push_received_bytes_total", "Bytes of packs received."),
        .counter("slipway_push_received_objects_total", "Objects in packs received."),
        .gauge("slipway_pushes_in_progress", "Pushes that are running, without those that are queued."),
        .gauge("slipway_pushes_queued", "Pushes that wait for another push to the same app."),
        .counter(
            "slipway_builds_total", "Builds by how they ended; error is the executor's own failure.",
            .closed(
                "outcome",
                ["succeeded", "failed", "signalled", "timed_out", "log_too_large", "refused", "cancelled", "error"])),
        .counter(
            "slipway_push_retries_total",
            "What was tried again during a push, because a dependency failed."),
    ]
}
