/// A label of a metric, and the values that it can have.
package struct MetricLabel: Sendable, Equatable {
    package let name: String
    /// All values, or when the set depends on configuration: those that are usual.
    package let values: [String]
    /// Whether there are no other values, so that every series is known before anything happened.
    package let isClosed: Bool

    private init(_ name: String, _ values: [String], isClosed: Bool) {
        self.name = name
        self.values = values
        self.isClosed = isClosed
    }

    /// A label that has no other values.
    package static func closed(_ name: String, _ values: [String]) -> MetricLabel {
        MetricLabel(name, values, isClosed: true)
    }

    /// A label whose values depend on configuration or on what is asked for.
    package static func open(_ name: String, usually values: [String]) -> MetricLabel {
        MetricLabel(name, values, isClosed: false)
    }
}
