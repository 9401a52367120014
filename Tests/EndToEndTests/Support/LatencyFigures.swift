/// How long many questions took, in the figures that people compare.
struct LatencyFigures: Sendable, CustomStringConvertible {
    let count: Int
    let median: Duration
    /// Of a hundred, 99 took at most this; by nearest rank, so always a time that was measured.
    let p99: Duration
    let longest: Duration

    /// - Parameter times: At least one.
    init(_ times: [Duration]) {
        let sorted = times.sorted()
        func rank(_ share: Double) -> Duration {
            sorted[min(sorted.count - 1, max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1))]
        }
        count = sorted.count
        median = rank(0.5)
        p99 = rank(0.99)
        longest = rank(1)
    }

    var description: String {
        "\(count) probes, p50 \(Self.text(median)), p99 \(Self.text(p99)), max \(Self.text(longest))"
    }

    private static func text(_ time: Duration) -> String {
        let tenths = Int((time / .microseconds(100)).rounded())
        return "\(tenths / 10).\(tenths % 10) ms"
    }
}
