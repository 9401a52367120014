/// How many of the SSH server's connections are taken.
package struct SlotsReading: Sendable, Hashable {
    /// Connections now.
    package let count: Int
    /// Connections at most.
    package let limit: Int
    /// As in ``Saturation/isFull``: set when all are taken, and until enough are free again.
    package let isFull: Bool

    package init(count: Int, limit: Int, isFull: Bool) {
        self.count = count
        self.limit = limit
        self.isFull = isFull
    }

    /// What is wrong, in plain English.
    package var problem: String? {
        guard isFull else { return nil }
        let free = Saturation.countThatFrees(limit: limit)
        guard count < limit else { return "all \(limit) connections are taken; ready again at \(free)" }
        return "\(count) of \(limit) connections are taken; ready again at \(free)"
    }
}
