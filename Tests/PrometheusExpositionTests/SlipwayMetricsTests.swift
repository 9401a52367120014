import CoreMetrics
import TestSupport
import Testing

@testable import PrometheusExposition

@Suite("The catalogue of metrics")
struct SlipwayMetricsTests {
    /// A registry with a value in every series that the catalogue can tell of.
    private func full() -> PrometheusRegistry {
        let registry = PrometheusRegistry(catalogue: SlipwayMetrics.catalogue)
        for description in SlipwayMetrics.catalogue {
            var series: [[(String, String)]] = [[]]
            for label in description.labels {
                let values = label.values.isEmpty ? ["1.0.0"] : label.values
                series = series.flatMap { known in values.map { known + [(label.name, $0)] } }
            }
            for labels in series {
                switch description.kind {
                case .counter: registry.makeCounter(label: description.name, dimensions: labels).increment(by: 1)
                case .gauge: registry.makeMeter(label: description.name, dimensions: labels).set(0.5)
                case .histogram:
                    registry.makeTimer(label: description.name, dimensions: labels).recordNanoseconds(1_234_567)
                }
            }
        }
        ProcessMetrics.register(in: registry)
        return registry
    }

    @Test("promtool check metrics has nothing to say about any metric of the catalogue")
    func promtool() throws {
        let exposition = Exposition(full())
        let result = try Tool.run(["promtool", "check", "metrics"], input: Array(exposition.text.utf8))
        try #require(result.status != 127, "promtool is missing: apt-get install prometheus")
        #expect(result.status == 0)
        #expect(result.text == "")
        #expect(result.errors == "")
        #expect(exposition[#"slipway_metrics_dropped_series_total{cause="limit"}"#] == 0)
        #expect(exposition[#"slipway_metrics_dropped_series_total{cause="mismatch"}"#] == 0)
        for description in SlipwayMetrics.catalogue {
            #expect(exposition.text.contains("# TYPE \(description.name) \(description.kind.typeName)\n"))
        }
    }

    @Test("each metric is described once")
    func unique() {
        let names = SlipwayMetrics.catalogue.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test("names and help texts follow Prometheus' conventions", arguments: SlipwayMetrics.catalogue)
    func conventions(description: MetricDescription) {
        let name = description.name
        #expect(name == MetricName.metric(name) && name == name.lowercased())
        #expect(name.hasPrefix("slipway_") || name.hasPrefix("process_"))
        #expect((description.kind == .counter) == name.hasSuffix("_total"))
        if case .histogram(let buckets) = description.kind {
            #expect(name.hasSuffix("_seconds"))
            #expect(buckets == Set(buckets).sorted())
        }
        #expect(description.help.hasSuffix("."))
        for label in description.labels {
            #expect(label.name == MetricName.label(label.name))
            #expect(Set(label.values).count == label.values.count)
        }
    }

    @Test(
        "what happens for the first time was 0 before: counters and histograms whose labels are known are there at once"
    )
    func touched() {
        let exposition = Exposition(PrometheusRegistry(catalogue: SlipwayMetrics.catalogue))
        #expect(exposition[#"slipway_pushes_total{outcome="failed"}"#] == 0)
        #expect(exposition[#"slipway_push_phase_duration_seconds_count{phase="promote"}"#] == 0)
        #expect(exposition[#"slipway_push_phase_duration_seconds_bucket{phase="build",le="1800"}"#] == 0)
        #expect(exposition["slipway_push_retries_total"] == 0)
        // A gauge's 0 would be a claim that nobody made.
        #expect(exposition["slipway_ready"] == nil)
        #expect(exposition.lines(of: "slipway_dependency_checks_total").isEmpty)
    }
}
