/// What a push needs and Slipway does not own, and the gate that asks for it.
extension SlipwayMetrics {
    static let dependencies: [MetricDescription] = [
        .gauge(
            "slipway_dependency_up", "Whether a dependency works: 1, or 0 while it is down or not yet known.",
            dependency),
        .histogram(
            "slipway_dependency_check_duration_seconds", "How long checks of a dependency took, failed ones too.",
            buckets: checkBuckets, dependency),
        .counter(
            "slipway_dependency_checks_total", "Checks of a dependency by how they ended.",
            dependency, .closed("result", ["ok", "failed", "timeout"])),
        .counter(
            "slipway_dependency_transitions_total", "How often a dependency went up or down.",
            dependency, .closed("to", ["up", "down"])),
        .gauge(
            "slipway_dependency_abandoned_checks",
            "Checks that did not end at their limit and still hang.",
            dependency),
        .counter(
            "slipway_gate_answers_total",
            "Answers of the gate to pushes: passed, refused because a dependency is down, or not asked because it is off.",
            .closed("answer", ["passed", "refused", "off"])),
        .histogram(
            "slipway_gate_duration_seconds", "How long pushes waited at the gate.", buckets: gateBuckets),
        .gauge(
            "slipway_simulated_faults", "Faults that are simulated on purpose; anything but 0 is a drill."),
    ]

    private static let dependency = MetricLabel.open(
        "dependency", usually: ["storage", "executor", "repositories", "access", "kubernetes"])
}
