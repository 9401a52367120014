import Metrics
import Synchronization

/// A metrics backend that remembers the last value of each series.
final class MetricBook: MetricsFactory, Sendable {
    private let values = Mutex<[String: Double]>([:])

    /// The value of a series, written as `name{label=value,…}`; of histograms, how often they were recorded.
    subscript(_ series: String) -> Double? { values.withLock { $0[series] } }

    var names: Set<String> { values.withLock { Set($0.keys) } }

    private final class Series: CounterHandler, RecorderHandler, TimerHandler, Sendable {
        let book: MetricBook
        let name: String

        init(book: MetricBook, name: String) {
            self.book = book
            self.name = name
        }

        func increment(by amount: Int64) { book.values.withLock { $0[name, default: 0] += Double(amount) } }
        func reset() {}
        func record(_ value: Int64) { record(Double(value)) }
        func record(_ value: Double) { book.values.withLock { $0[name] = value } }
        func recordNanoseconds(_ duration: Int64) { book.values.withLock { $0[name, default: 0] += 1 } }
    }

    private func series(_ label: String, _ dimensions: [(String, String)]) -> Series {
        let labels = dimensions.map { "\($0.0)=\($0.1)" }.joined(separator: ",")
        return Series(book: self, name: labels.isEmpty ? label : "\(label){\(labels)}")
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { series(label, dimensions) }
    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        series(label, dimensions)
    }
    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { series(label, dimensions) }
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}
