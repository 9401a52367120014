/// How many places of connections that have not logged in are taken.
package struct LoginPlacesReading: Sendable, Hashable {
    /// Places that are taken, and that no newcomer could have.
    package let count: Int
    /// Places at most.
    package let limit: Int
    /// As in ``Saturation/isFull``: set when all are taken, and until enough are free again.
    package let isFull: Bool

    package init(count: Int, limit: Int, isFull: Bool) {
        self.count = count
        self.limit = limit
        self.isFull = isFull
    }

    /// What is wrong, in plain English.
    var problem: String? {
        guard isFull else { return nil }
        return "login places \(count) of \(limit) taken by clients that have not logged in; ready again at "
            + "\(Saturation.countThatFrees(limit: limit))"
    }
}
