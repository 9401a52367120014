/// Whether something is full, without wavering at the brink: full at 100 %, free again at 80 % or less.
package struct Saturation: Sendable, Hashable {
    /// Of the limit, in per cent: so low that readiness does not change with each connection that ends at the limit.
    package static let percentThatFrees = 80

    /// How many there may be.
    package let limit: Int
    /// Whether it is full.
    package private(set) var isFull = false

    /// Makes one that is free.
    ///
    /// - Parameter limit: At least 1.
    package init(limit: Int) { self.limit = max(1, limit) }

    /// Takes note of how many there are now.
    ///
    /// To be told of each change, or a short peak goes unseen.
    package mutating func observe(count: Int) {
        if count >= limit {
            isFull = true
        } else if count <= Self.countThatFrees(limit: limit) {
            isFull = false
        }
    }

    /// How many there may be for it to be free again.
    package static func countThatFrees(limit: Int) -> Int {
        let (product, isTooLarge) = limit.multipliedReportingOverflow(by: percentThatFrees)
        return isTooLarge ? limit / 100 * percentThatFrees : product / 100
    }
}
