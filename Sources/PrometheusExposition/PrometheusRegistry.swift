import Synchronization

/// Keeps everything that is recorded through swift-metrics, and shows it to Prometheus.
///
/// A label of swift-metrics is the full name of the Prometheus metric. Recording takes one short lock of its series;
/// making a metric and scraping take the registry's, which is never held while text is made or a collector runs.
package final class PrometheusRegistry: Sendable {
    /// Metrics are named in code: more than this is a mistake there.
    static let maximumFamilies = 500
    /// For histograms that the catalogue does not know: those of Prometheus' own clients, for seconds.
    private static let usualBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private let catalogue: [String: MetricDescription]
    private let families = Mutex<[String: MetricFamily]>([:])
    private let collectors = Mutex<[@Sendable () -> Void]>([])

    /// Makes a registry in which all counters and histograms of the catalogue whose series are known stand at 0.
    ///
    /// - Parameter catalogue: What is known of the metrics that will be recorded. Others are taken as they come,
    ///   with a help text that says so.
    package init(catalogue: [MetricDescription]) {
        let all = [SlipwayMetrics.droppedSeries] + catalogue
        self.catalogue = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
        for description in all {
            for labels in description.knownSeries {
                // A counter that appears only with its first event hides that event from `rate`.
                switch description.kind {
                case .counter: _ = counter(description.name, labels)
                case .histogram: _ = histogram(description.name, labels)
                // Its 0 would be a claim.
                case .gauge: break
                }
            }
        }
    }

    /// Adds something that runs before each scrape, to record what nobody else does.
    ///
    /// - Parameter collector: Must not wait. Two scrapes at once run it twice at once.
    package func onScrape(_ collector: @escaping @Sendable () -> Void) {
        collectors.withLock { $0.append(collector) }
    }

    /// What a scrape gets: text format 0.0.4, sorted by name and labels.
    package func exposition() -> [UInt8] {
        for collector in collectors.withLock({ $0 }) { collector() }
        let families = families.withLock { $0 }
        var writer = ExpositionWriter()
        for (_, family) in families.sorted(by: { $0.key < $1.key }) { writer.write(family) }
        return writer.bytes
    }

    func counter(_ name: String, _ labels: [(String, String)]) -> CounterSeries? {
        keep(name, labels, as: CounterSeries.self, otherwise: .counter)
    }

    func gauge(_ name: String, _ labels: [(String, String)]) -> GaugeSeries? {
        keep(name, labels, as: GaugeSeries.self, otherwise: .gauge)
    }

    func histogram(_ name: String, _ labels: [(String, String)]) -> HistogramSeries? {
        keep(name, labels, as: HistogramSeries.self, otherwise: .histogram(buckets: Self.usualBuckets))
    }

    func remove(_ object: AnyObject) {
        families.withLock { for name in $0.keys { $0[name]?.remove(object) } }
    }

    private func keep<Kept: Series>(
        _ name: String, _ labels: [(String, String)], as type: Kept.Type, otherwise kind: MetricKind
    ) -> Kept? {
        let name = MetricName.metric(name)
        let labels = LabelSet(labels)
        let described =
            catalogue[name] ?? MetricDescription(name: name, help: "Not in Slipway's catalogue of metrics.", kind: kind)
        do {
            return try families.withLock { (families) throws(DropCause) -> Kept in
                guard families[name] != nil || families.count < Self.maximumFamilies else { throw .limit }
                return try families[name, default: MetricFamily(described)].keep(labels, as: type)
            }
        } catch {
            // Known since the start, so that this ends here.
            counter(SlipwayMetrics.droppedSeries.name, [("cause", error.rawValue)])?.increment(by: Int64(1))
            return nil
        }
    }
}
