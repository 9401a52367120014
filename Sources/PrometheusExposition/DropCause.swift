/// Why a series is not kept.
enum DropCause: String, Error, CaseIterable {
    /// The family is full, or there are too many families.
    case limit
    /// The metric is of another kind, such as a counter that is recorded as a gauge.
    case mismatch
}
