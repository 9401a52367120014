import CoreMetrics
import TestSupport
import Testing

@testable import PrometheusExposition

@Suite("Histograms")
struct HistogramPropertyTests {
    @Test(
        "buckets are cumulative and agree with counting by hand, whatever the bounds and times",
        arguments: 0..<40 as Range<UInt64>)
    func cumulative(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let bounds = (0..<Int.random(in: 0...25, using: &random)).map { _ in
            // Few digits, so that times often equal a bound.
            Double(Int.random(in: 0...2_000, using: &random)) / 1_000
        }
        let registry = PrometheusRegistry(catalogue: [
            MetricDescription(name: "h", help: "H.", kind: .histogram(buckets: bounds))
        ])
        let timer = registry.makeTimer(label: "h", dimensions: [])
        let times = (0..<Int.random(in: 0...500, using: &random)).map { _ in
            Int64.random(in: 0...2_200, using: &random) * 1_000_000 + Int64.random(in: -1...1, using: &random)
        }
        for time in times { timer.recordNanoseconds(time) }

        let exposition = Exposition(registry)
        let buckets = exposition.lines(of: "h").filter { $0.hasPrefix("h_bucket") }
        #expect(buckets.count == Set(bounds).count + 1)
        for bound in bounds {
            let limit = Int64((bound * 1_000).rounded()) * 1_000_000
            let expected = times.count { $0 <= limit }
            #expect(exposition["h_bucket{le=\"\(NumberText.text(bound))\"}"] == Double(expected), "seed \(seed)")
        }
        let counts = buckets.compactMap { Int($0.split(separator: " ").last ?? "") }
        #expect(counts == counts.sorted(), "seed \(seed)")
        #expect(counts.last == times.count)
        #expect(exposition["h_count"] == Double(times.count))
        let sum = times.reduce(0) { $0 + max($1, 0) }
        #expect(exposition.text.contains("h_sum \(NumberText.seconds(nanoseconds: sum))\n"), "seed \(seed)")
    }
}
