import CoreMetrics
import Synchronization

/// Holds the value that was set last.
final class GaugeSeries: Series, MeterHandler, RecorderHandler {
    private let value = Mutex(Amount())

    init?(_ kind: MetricKind) {
        guard kind == .gauge else { return nil }
    }

    func set(_ new: Int64) { value.withLock { $0 = Amount(new) } }

    func set(_ new: Double) { value.withLock { $0 = Amount(new) } }

    func increment(by amount: Double) { value.withLock { $0.add(amount) } }

    func decrement(by amount: Double) { value.withLock { $0.add(-amount) } }

    func record(_ new: Int64) { set(new) }

    func record(_ new: Double) { set(new) }

    func write(_ name: String, _ labels: LabelSet, to writer: inout ExpositionWriter) {
        writer.sample(name, labels, value.withLock { $0 }.text)
    }
}
