/// Short forms, so that a catalogue reads as a table.
extension MetricDescription {
    static func counter(_ name: String, _ help: String, _ labels: MetricLabel...) -> MetricDescription {
        MetricDescription(name: name, help: help, kind: .counter, labels: labels)
    }

    static func gauge(_ name: String, _ help: String, _ labels: MetricLabel...) -> MetricDescription {
        MetricDescription(name: name, help: help, kind: .gauge, labels: labels)
    }

    static func histogram(
        _ name: String, _ help: String, buckets: [Double], _ labels: MetricLabel...
    ) -> MetricDescription {
        MetricDescription(name: name, help: help, kind: .histogram(buckets: buckets), labels: labels)
    }
}
