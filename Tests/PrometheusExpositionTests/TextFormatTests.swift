import CoreMetrics
import Testing

@testable import PrometheusExposition

@Suite("The text format")
struct TextFormatTests {
    private let registry = PrometheusRegistry(catalogue: [
        MetricDescription(name: "b_total", help: "Counts\nb, with a \\.", kind: .counter),
        MetricDescription(name: "a_seconds", help: "Times.", kind: .histogram(buckets: [1, 0.005, .infinity, 1])),
        MetricDescription(
            name: "d_total", help: "Known before.", kind: .counter,
            labels: [.closed("x", ["1", "2"]), .closed("y", ["3"])]),
        MetricDescription(
            name: "e_total", help: "Not known before.", kind: .counter, labels: [.open("x", usually: ["1"])]),
        MetricDescription(name: "c", help: "A gauge.", kind: .gauge),
    ])

    @Test("everything is where the format wants it, sorted, with series that are known before anything happened at 0")
    func whole() {
        registry.makeMeter(label: "c", dimensions: [("z", "1"), ("k", "2")]).set(1.5)
        registry.makeMeter(label: "c", dimensions: []).set(Int64(-3))
        let timer = registry.makeTimer(label: "a_seconds", dimensions: [])
        timer.recordNanoseconds(5_000_000)
        timer.recordNanoseconds(5_000_001)
        timer.recordNanoseconds(1_000_000_001)
        #expect(
            Exposition(registry).text == #"""
                # HELP a_seconds Times.
                # TYPE a_seconds histogram
                a_seconds_bucket{le="0.005"} 1
                a_seconds_bucket{le="1"} 2
                a_seconds_bucket{le="+Inf"} 3
                a_seconds_sum 1.010000002
                a_seconds_count 3
                # HELP b_total Counts\nb, with a \\.
                # TYPE b_total counter
                b_total 0
                # HELP c A gauge.
                # TYPE c gauge
                c -3
                c{k="2",z="1"} 1.5
                # HELP d_total Known before.
                # TYPE d_total counter
                d_total{x="1",y="3"} 0
                d_total{x="2",y="3"} 0
                # HELP slipway_metrics_dropped_series_total Series that were not kept: a metric with too many of them (limit), or of another kind (mismatch).
                # TYPE slipway_metrics_dropped_series_total counter
                slipway_metrics_dropped_series_total{cause="limit"} 0
                slipway_metrics_dropped_series_total{cause="mismatch"} 0

                """#)
    }

    @Test(
        "label values are escaped",
        arguments: [
            ("plain", "plain"), (#"a\b"#, #"a\\b"#), (#"say "hi""#, #"say \"hi\""#), ("two\nlines", #"two\nlines"#),
            ("\\n", "\\\\n"), ("tab\tNUL\0DEL\u{7F}", "tab\u{FFFD}NUL\u{FFFD}DEL\u{FFFD}"), ("\r\n", "\u{FFFD}\\n"),
            ("grün 🚢", "grün 🚢"), (String(repeating: "x", count: 500), String(repeating: "x", count: 128)),
        ])
    func escapes(value: String, written: String) {
        #expect(LabelSet([("label", value)]).text == "label=\"\(written)\"")
    }

    @Test(
        "names become valid",
        arguments: [
            ("good_name:total", "good_name:total"), ("http.requests-count", "http_requests_count"),
            ("9lives", "_9lives"),
            ("", "_"), ("größe", "gr__e"), ("a b\n{c}", "a_b__c_"),
        ])
    func metricNames(name: String, written: String) {
        #expect(MetricName.metric(name) == written)
    }

    @Test(
        "label names become valid, and none that means something in the format is used",
        arguments: [
            ("code", "code"), ("a:b", "a_b"), ("le", "le_"), ("quantile", "quantile_"), ("__name__", "_name__"),
            ("", "_"),
            ("1", "_1"),
        ])
    func labelNames(name: String, written: String) {
        #expect(MetricName.label(name) == written)
    }

    @Test("labels are sorted; a name counts once, and an empty value is none")
    func labels() {
        #expect(LabelSet([("b", "2"), ("a", "1"), ("b", "3"), ("c", "")]).text == #"a="1",b="2""#)
        #expect(LabelSet([("a", "1"), ("b", "2")]) == LabelSet([("b", "2"), ("a", "1")]))
    }

    @Test(
        "numbers read back as what they are",
        arguments: [
            (0.0, "0"), (-0.0, "0"), (1, "1"), (0.25, "0.25"), (0.1, "0.1"), (1e-5, "1e-05"), (-2.5, "-2.5"),
            (9_007_199_254_740_991, "9007199254740991"), (1e300, "1e+300"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
            (.nan, "NaN"),
        ])
    func numbers(value: Double, text: String) {
        #expect(NumberText.text(value) == text)
    }

    @Test(
        "seconds are exact",
        arguments: [
            (0, "0"), (1, "0.000000001"), (1_500_000_000, "1.5"), (60_000_000_000, "60"),
            (Int64.max, "9223372036.854775807"),
        ])
    func seconds(nanoseconds: Int64, text: String) {
        #expect(NumberText.seconds(nanoseconds: nanoseconds) == text)
    }
}
