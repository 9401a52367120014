/// What probes say, and what they look at.
extension SlipwayMetrics {
    static let health: [MetricDescription] = [
        .gauge("slipway_ready", "Whether the readiness probe answers 200."),
        .gauge("slipway_draining", "Whether the server is on its way out."),
        .counter(
            "slipway_probe_answers_total", "Answers of HTTP endpoints by status code.",
            .open(
                "endpoint", usually: ["livez", "readyz", "startupz", "healthz", "status", "metrics", "other"]),
            .open("code", usually: ["200", "302", "400", "404", "405", "414", "431", "503"])),
        .gauge(
            "slipway_event_loop_lag_seconds",
            "How late timers fire: on Swift's threads the latest of the last readings, on the HTTP event loop the last.",
            .closed("loop", ["swift", "http"])),
        .gauge("slipway_build_info", "Always 1; the label tells the version.", .open("version", usually: [])),
    ]
}
