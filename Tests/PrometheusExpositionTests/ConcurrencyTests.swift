import CoreMetrics
import Dispatch
import Synchronization
import Testing

@testable import PrometheusExposition

@Suite("Recording from many threads at once")
struct ConcurrencyTests {
    @Test("nothing is lost, and every scrape meanwhile is whole and never goes back")
    func exactTotals() {
        let (threads, rounds) = (16, 5_000)
        let registry = PrometheusRegistry(catalogue: [])
        let running = Atomic(threads)
        let problems = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: threads + 1) { thread in
            if thread == threads {
                var last = 0.0
                while running.load(ordering: .acquiring) > 0 {
                    let exposition = Exposition(registry)
                    let count = exposition["h_seconds_count"] ?? 0
                    let infinite = exposition[#"h_seconds_bucket{le="+Inf"}"#] ?? 0
                    let sum = exposition["h_seconds_sum"] ?? 0
                    if count != infinite || sum != count || count < last {
                        problems.withLock { $0.append("count \(count), +Inf \(infinite), sum \(sum), before \(last)") }
                    }
                    last = count
                }
                return
            }
            for round in 0..<rounds {
                // Made anew each time: making is concurrent too.
                Counter(label: "c_total", dimensions: [("k", "\(round % 10)")], factory: registry).increment(by: 3)
                CoreMetrics.Timer(label: "h_seconds", factory: registry).recordSeconds(1)
                Meter(label: "g", factory: registry).increment()
            }
            running.subtract(1, ordering: .acquiringAndReleasing)
        }
        #expect(problems.withLock { $0 } == [])
        let exposition = Exposition(registry)
        for key in 0..<10 {
            #expect(exposition["c_total{k=\"\(key)\"}"] == Double(threads * rounds * 3 / 10))
        }
        #expect(exposition["h_seconds_count"] == Double(threads * rounds))
        #expect(exposition["g"] == Double(threads * rounds))
    }
}
