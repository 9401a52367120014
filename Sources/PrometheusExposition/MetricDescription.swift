/// What is known of a metric before anything is recorded.
package struct MetricDescription: Sendable, Equatable {
    package let name: String
    /// One sentence for `# HELP`.
    package let help: String
    package let kind: MetricKind
    package let labels: [MetricLabel]

    /// Describes a metric.
    ///
    /// - Parameters:
    ///   - name: By Prometheus' conventions: base units, `_total` for counters.
    ///   - help: One sentence.
    ///   - kind: For a histogram with its buckets.
    ///   - labels: With the values they can have.
    package init(name: String, help: String, kind: MetricKind, labels: [MetricLabel] = []) {
        self.name = name
        self.help = help
        self.kind = kind
        self.labels = labels
    }

    /// The labels of every series, when all values of all labels are known; otherwise none.
    var knownSeries: [[(String, String)]] {
        guard labels.allSatisfy(\.isClosed) else { return [] }
        return labels.reduce([[]]) { series, label in
            series.flatMap { known in label.values.map { known + [(label.name, $0)] } }
        }
    }
}
