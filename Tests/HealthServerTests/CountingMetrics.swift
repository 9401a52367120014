import CoreMetrics
import Synchronization

/// Keeps counters, by their dimensions.
final class CountingMetrics: MetricsFactory {
    private final class Count: CounterHandler {
        let value = Atomic<Int64>(0)
        func increment(by amount: Int64) { value.add(amount, ordering: .relaxed) }
        func reset() { value.store(0, ordering: .relaxed) }
    }

    private let counts = Mutex<[String: Count]>([:])

    /// The value of a counter, or `nil` when there is none.
    func value(_ endpoint: String, _ code: Int) -> Int64? {
        counts.withLock {
            $0["slipway_probe_answers_total endpoint=\(endpoint) code=\(code)"]?.value.load(ordering: .relaxed)
        }
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        let count = Count()
        let name = ([label] + dimensions.map { "\($0.0)=\($0.1)" }).joined(separator: " ")
        counts.withLock { $0[name] = count }
        return count
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { NOOPMetricsHandler.instance }

    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}
