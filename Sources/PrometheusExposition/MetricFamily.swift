/// A metric with all its series.
struct MetricFamily: Sendable {
    /// More means that a label's values are not bounded, which would cost memory here and in Prometheus for ever.
    static let maximumSeries = 200

    let description: MetricDescription
    private(set) var series: [LabelSet: any Series] = [:]

    /// Makes a family without series.
    init(_ description: MetricDescription) { self.description = description }

    /// The series with these labels, made when there is none.
    ///
    /// - Parameters:
    ///   - labels: Of the series.
    ///   - type: What records it.
    /// - Returns: The same object for the same labels.
    /// - Throws: Why there is none.
    mutating func keep<Kept: Series>(_ labels: LabelSet, as type: Kept.Type) throws(DropCause) -> Kept {
        if let known = series[labels] {
            guard let kept = known as? Kept else { throw .mismatch }
            return kept
        }
        guard let made = Kept(description.kind) else { throw .mismatch }
        guard series.count < Self.maximumSeries else { throw .limit }
        series[labels] = made
        return made
    }

    /// Forgets a series; no more than that when it is not there.
    mutating func remove(_ object: AnyObject) {
        series = series.filter { $0.value !== object }
    }
}
