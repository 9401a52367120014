/// How many of the SSH server's connections are taken.
package struct SlotsReading: Sendable, Hashable {
    /// Connections now.
    package let count: Int
    /// Connections at most.
    package let limit: Int
    /// As in ``Saturation/isFull``: set when all are taken, and until enough are free again.
    package let isFull: Bool
    /// Those among them that have not logged in, which have a limit of their own.
    package let loginPlaces: LoginPlacesReading?
    /// Whether connections are refused because only those file descriptors are left that the server needs itself.
    package let lacksDescriptors: Bool

    package init(
        count: Int, limit: Int, isFull: Bool, loginPlaces: LoginPlacesReading? = nil, lacksDescriptors: Bool = false
    ) {
        self.count = count
        self.limit = limit
        self.isFull = isFull
        self.loginPlaces = loginPlaces
        self.lacksDescriptors = lacksDescriptors
    }

    /// What is wrong, in plain English.
    package var problem: String? {
        if lacksDescriptors { return "this builder is out of file descriptors" }
        guard isFull else { return loginPlaces?.problem }
        let free = Saturation.countThatFrees(limit: limit)
        guard count < limit else { return "all \(limit) connections are taken; ready again at \(free)" }
        return "\(count) of \(limit) connections are taken; ready again at \(free)"
    }
}
