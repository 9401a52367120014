import CoreMetrics
import Testing

@testable import PrometheusExposition

@Suite("Bounds of what is kept")
struct BoundsTests {
    private let registry = PrometheusRegistry(catalogue: SlipwayMetrics.catalogue)

    @Test("a metric has at most 200 series; the others are dropped and counted, and those there are go on")
    func series() {
        for number in 0..<250 {
            Counter(label: "apps_total", dimensions: [("app", "\(number)")], factory: registry).increment()
        }
        Counter(label: "apps_total", dimensions: [("app", "7")], factory: registry).increment()
        let exposition = Exposition(registry)
        #expect(exposition.lines(of: "apps_total").count == 2 + 200)
        #expect(exposition[#"apps_total{app="7"}"#] == 2)
        #expect(exposition[#"apps_total{app="200"}"#] == nil)
        #expect(exposition[#"slipway_metrics_dropped_series_total{cause="limit"}"#] == 50)
    }

    @Test("there are at most 500 metrics")
    func families() {
        for number in 0..<600 { Counter(label: "name_\(number)_total", factory: registry).increment() }
        let types = Exposition(registry).text.split(separator: "\n").count { $0.hasPrefix("# TYPE ") }
        #expect(types == 500)
    }

    @Test("what is recorded as another kind than the catalogue's or the first one's is dropped and counted")
    func mismatch() {
        Gauge(label: "slipway_pushes_total", factory: registry).record(5)
        CoreMetrics.Timer(label: "slipway_ready", factory: registry).recordSeconds(1)
        Counter(label: "slipway_gate_duration_seconds", factory: registry).increment()
        Recorder(label: "mine", factory: registry).record(1)
        Meter(label: "mine", factory: registry).set(2)
        let exposition = Exposition(registry)
        #expect(exposition[#"slipway_metrics_dropped_series_total{cause="mismatch"}"#] == 4)
        #expect(exposition["slipway_pushes_total"] == nil)
        #expect(exposition["slipway_ready"] == nil)
        #expect(exposition["mine_count"] == 1)
    }

    @Test("labels cannot smuggle lines, samples or a bucket's bound into the text")
    func smuggling() {
        let hostile = "\"} 5\nslipway_ready 1\n# TYPE x gauge\\"
        let timer = CoreMetrics.Timer(
            label: "t\nslipway_ready 1", dimensions: [("le", "5"), (hostile, hostile)], factory: registry)
        timer.recordSeconds(1)
        let exposition = Exposition(registry)
        #expect(exposition["slipway_ready"] == nil)
        #expect(exposition.lines(of: "x") == [])
        #expect(
            exposition.samples.keys.contains { $0.hasPrefix("t_slipway_ready_1_count{") && $0.contains("le_=\"5\"") })
    }
}
