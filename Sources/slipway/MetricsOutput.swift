import CoreMetrics
import Health
import PrometheusExposition

/// Where metrics go: into memory, until Prometheus asks.
enum MetricsOutput {
    /// Sets the process's metrics up; called once, before anything that counts is made.
    ///
    /// - Returns: What renders them.
    static func bootstrap() -> PrometheusRegistry {
        let registry = PrometheusRegistry(catalogue: SlipwayMetrics.catalogue)
        MetricsSystem.bootstrap(registry)
        ProcessMetrics.register(in: registry)
        return registry
    }

    /// Adds what the server says of itself as a whole.
    ///
    /// - Parameters:
    ///   - registry: Where to.
    ///   - board: Says whether it is ready.
    static func describe(_ registry: PrometheusRegistry, board: HealthBoard) {
        Gauge(label: "slipway_build_info", dimensions: [("version", Version.current)]).record(1)
        registry.onScrape { board.recordMetrics() }
    }
}
