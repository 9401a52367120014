import CoreMetrics
import Testing

@testable import PrometheusExposition

@Suite("Recording through swift-metrics")
struct RecordingTests {
    private let registry = PrometheusRegistry(catalogue: [
        MetricDescription(name: "bytes_total", help: "Counter.", kind: .counter),
        MetricDescription(name: "level", help: "Gauge.", kind: .gauge),
        MetricDescription(name: "sizes_bytes", help: "Histogram.", kind: .histogram(buckets: [10, 100])),
    ])

    @Test("a counter counts integers exactly, also where a double could not")
    func exactCounter() {
        let counter = Counter(label: "bytes_total", factory: registry)
        counter.increment(by: Int64(1) << 53)
        counter.increment()
        #expect(Exposition(registry).text.contains("\nbytes_total 9007199254740993\n"))
    }

    @Test("a counter counts on past the largest integer")
    func overflow() {
        let counter = Counter(label: "bytes_total", factory: registry)
        counter.increment(by: Int64.max)
        counter.increment(by: Int64.max)
        #expect(Exposition(registry)["bytes_total"] == 18_446_744_073_709_551_616)
    }

    @Test("a counter takes fractions, ignores what would take it down, and starts again when it is reset")
    func fractions() {
        let counter = FloatingPointCounter(label: "bytes_total", factory: registry)
        counter.increment(by: 0.5)
        counter.increment(by: 2.0)
        for ignored in [-1, -.infinity, Double.nan, .infinity] { counter.increment(by: ignored) }
        Counter(label: "bytes_total", factory: registry).increment(by: -5)
        #expect(Exposition(registry)["bytes_total"] == 2.5)
        counter.reset()
        #expect(Exposition(registry)["bytes_total"] == 0)
    }

    @Test("a gauge holds what was set last, by meter or by gauge, and counts up and down")
    func gauge() {
        let meter = Meter(label: "level", factory: registry)
        meter.set(7)
        meter.increment(by: 2.5)
        meter.decrement()
        #expect(Exposition(registry)["level"] == 8.5)
        Gauge(label: "level", factory: registry).record(Int64.max)
        #expect(Exposition(registry).text.contains("\nlevel 9223372036854775807\n"))
        Gauge(label: "level", factory: registry).record(0.25)
        #expect(Exposition(registry)["level"] == 0.25)
    }

    @Test("a recorder that aggregates is a histogram, and what is no number does not spoil its sum")
    func recorder() {
        let recorder = Recorder(label: "sizes_bytes", factory: registry)
        for size in [10, 11, 1000] { recorder.record(size) }
        recorder.record(0.5)
        recorder.record(Double.nan)
        recorder.record(-Double.infinity)
        #expect(
            Exposition(registry).lines(of: "sizes_bytes").dropFirst(2) == [
                #"sizes_bytes_bucket{le="10"} 2"#, #"sizes_bytes_bucket{le="100"} 3"#,
                #"sizes_bytes_bucket{le="+Inf"} 4"#, "sizes_bytes_sum 1021.5", "sizes_bytes_count 4",
            ])
    }

    @Test("a timer records seconds; a negative time counts as none, and the sum does not wrap")
    func timer() {
        let timer = CoreMetrics.Timer(label: "wait_seconds", factory: registry)
        timer.recordMilliseconds(250)
        timer.recordNanoseconds(-1)
        let exposition = Exposition(registry)
        #expect(exposition["wait_seconds_sum"] == 0.25)
        #expect(exposition["wait_seconds_count"] == 2)
        #expect(exposition[#"wait_seconds_bucket{le="0.25"}"#] == 2)
        timer.recordNanoseconds(.max)
        timer.recordNanoseconds(.max)
        #expect(Exposition(registry)["wait_seconds_sum"] == 9_223_372_036.854775807)
    }

    @Test("the same label and dimensions are the same series, in whatever order")
    func same() {
        for dimensions in [[("a", "1"), ("b", "2")], [("b", "2"), ("a", "1")]] {
            Counter(label: "same_total", dimensions: dimensions, factory: registry).increment()
        }
        #expect(Exposition(registry)[#"same_total{a="1",b="2"}"#] == 2)
    }

    @Test("a destroyed series is shown no more; others of its metric are")
    func destroyed() {
        let gone = Counter(label: "x_total", dimensions: [("a", "1")], factory: registry)
        let stays = Counter(label: "x_total", dimensions: [("a", "2")], factory: registry)
        gone.increment()
        stays.increment()
        gone.destroy()
        #expect(Exposition(registry).lines(of: "x_total").dropFirst(2) == [#"x_total{a="2"} 1"#])
    }

    @Test("collectors run before each scrape")
    func collectors() {
        let runs = Counter(label: "runs_total", factory: registry)
        registry.onScrape { runs.increment() }
        #expect(Exposition(registry)["runs_total"] == 1)
        #expect(Exposition(registry)["runs_total"] == 2)
    }
}
