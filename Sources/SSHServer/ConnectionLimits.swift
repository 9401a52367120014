/// How many connections are let in, and the decision about one more.
package struct ConnectionLimits: Sendable {
    /// All connections at once.
    package var maximumConnections: Int
    /// Connections that have not logged in yet (OpenSSH's MaxStartups "full").
    package var maximumUnauthenticated: Int
    /// Connections from one address.
    package var maximumPerAddress: Int

    package init(maximumConnections: Int, maximumUnauthenticated: Int, maximumPerAddress: Int) {
        self.maximumConnections = maximumConnections
        self.maximumUnauthenticated = maximumUnauthenticated
        self.maximumPerAddress = maximumPerAddress
    }

    /// What stands between a connection and being served; the names are metric labels.
    package enum Refusal: String, CaseIterable, Sendable, Equatable {
        case connections = "too many connections"
        case unauthenticated = "too many connections that have not logged in"
        case address = "too many connections from your address"
    }

    /// Decides about one more connection.
    ///
    /// Above half of ``maximumUnauthenticated`` connections are turned away at random, the more the fuller it is. As with
    /// OpenSSH's MaxStartups "start:rate:full", this leaves honest clients a chance while somebody holds slots open.
    ///
    /// - Parameters:
    ///   - connections: All connections there are.
    ///   - unauthenticated: Those of them that have not logged in.
    ///   - fromAddress: Connections from the same address.
    ///   - unauthenticatedFromAddress: Those of them that have not logged in. One address gets no more than half of the places for
    ///     logins, so that it cannot lock the others out.
    ///   - chance: A random number in 0..<1.
    /// - Returns: Why not, or `nil` to let it in.
    func refusal(
        connections: Int, unauthenticated: Int, fromAddress: Int, unauthenticatedFromAddress: Int, chance: Double
    ) -> Refusal? {
        if connections >= maximumConnections { return .connections }
        if fromAddress >= maximumPerAddress { return .address }
        if unauthenticatedFromAddress >= max(1, maximumUnauthenticated / 2) { return .unauthenticated }
        if unauthenticated >= maximumUnauthenticated { return .unauthenticated }
        let start = maximumUnauthenticated / 2
        let rate = Double(unauthenticated - start) / Double(max(1, maximumUnauthenticated - start))
        return unauthenticated > start && chance < rate ? .unauthenticated : nil
    }
}
