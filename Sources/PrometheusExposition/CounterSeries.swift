import CoreMetrics
import Synchronization

/// Counts up; what would take it down is ignored, except for a reset.
final class CounterSeries: Series, CounterHandler, FloatingPointCounterHandler {
    private let total = Mutex(Amount())

    init?(_ kind: MetricKind) {
        guard kind == .counter else { return nil }
    }

    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        total.withLock { $0.add(amount) }
    }

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        total.withLock { $0.add(amount) }
    }

    /// Takes over a total that is counted elsewhere.
    ///
    /// - Parameter value: A smaller one than before is ignored: of two scrapes at once the older reading may come last,
    ///   and Prometheus would take it for a restart.
    func raise(to value: Double) {
        total.withLock { if value > $0.double { $0 = Amount(value) } }
    }

    func reset() { total.withLock { $0 = Amount() } }

    func write(_ name: String, _ labels: LabelSet, to writer: inout ExpositionWriter) {
        writer.sample(name, labels, total.withLock { $0 }.text)
    }
}
