import CoreMetrics
import Synchronization

/// Counts values by size.
///
/// Buckets, sum and count of one scrape belong together.
final class HistogramSeries: Series, TimerHandler, RecorderHandler {
    private struct State: Sendable {
        /// Not cumulative; the last is for what is above all bounds.
        var counts: [UInt64]
        /// Of recorded values.
        var sum = Amount()
        /// Of recorded times, which stay integers.
        var nanoseconds: Int64 = 0

        var sumText: String {
            if nanoseconds == 0 { return sum.text }
            if sum == Amount() { return NumberText.seconds(nanoseconds: nanoseconds) }
            return NumberText.text(sum.double + Double(nanoseconds) / 1e9)
        }
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init?(_ kind: MetricKind) {
        guard case .histogram(let buckets) = kind else { return nil }
        bounds = Set(buckets.filter(\.isFinite)).sorted()
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    /// Records a time; before the start of the clock counts as 0.
    func recordNanoseconds(_ duration: Int64) {
        let duration = max(duration, 0)
        // The quotient is rounded as a bound's decimal text is, so that a time equal to a bound is in its bucket.
        let bucket = bucket(of: Double(duration) / 1e9)
        state.withLock {
            $0.counts[bucket] &+= 1
            let (sum, overflow) = $0.nanoseconds.addingReportingOverflow(duration)
            $0.nanoseconds = overflow ? .max : sum
        }
    }

    func record(_ value: Int64) {
        let bucket = bucket(of: Double(value))
        state.withLock {
            $0.counts[bucket] &+= 1
            $0.sum.add(value)
        }
    }

    /// Records a value; infinities and NaN are ignored, because the sum would never be a number again.
    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = bucket(of: value)
        state.withLock {
            $0.counts[bucket] &+= 1
            $0.sum.add(value)
        }
    }

    private func bucket(of value: Double) -> Int { bounds.firstIndex { value <= $0 } ?? bounds.count }

    func write(_ name: String, _ labels: LabelSet, to writer: inout ExpositionWriter) {
        let state = state.withLock { $0 }
        var count: UInt64 = 0
        for (bound, inBucket) in zip(bounds + [.infinity], state.counts) {
            count += inBucket
            writer.sample(name + "_bucket", labels, le: bound, String(count))
        }
        writer.sample(name + "_sum", labels, state.sumText)
        writer.sample(name + "_count", labels, String(count))
    }
}
