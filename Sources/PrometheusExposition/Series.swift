/// One line of time: a metric with one set of labels.
protocol Series: AnyObject, Sendable {
    /// Starts at 0; nil when this is no series of such a metric.
    ///
    /// - Parameter kind: What the metric is.
    init?(_ kind: MetricKind)

    /// Writes the samples as they are now.
    func write(_ name: String, _ labels: LabelSet, to writer: inout ExpositionWriter)
}
