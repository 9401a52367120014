import SystemCalls

/// How many connections are let in.
package struct ConnectionLimits: Sendable, Equatable {
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
        case descriptors = "this builder is out of file descriptors"
    }

    /// So many descriptors there are to be for each connection: its socket, what wakes its thread and, at its end, one more make three
    /// eighths, two eighths are for the HTTP ports, and the rest for the server itself and what is done on the connections.
    private static let descriptorsPerConnection = 8

    /// The same, but no more than the process has descriptors for.
    ///
    /// - Parameter descriptors: How many it may have.
    /// - Returns: The limits; with less than what was asked for, half of the connections at most may be without a login.
    /// - Throws: ``SSHServerError/descriptors(limit:)`` when there are too few for anything.
    func fitted(to descriptors: Int) throws(SSHServerError) -> ConnectionLimits {
        guard descriptors >= Descriptors.minimum else { throw .descriptors(limit: descriptors) }
        let possible = descriptors / Self.descriptorsPerConnection
        guard maximumConnections > possible else { return self }
        return ConnectionLimits(
            maximumConnections: possible, maximumUnauthenticated: min(maximumUnauthenticated, possible / 2),
            maximumPerAddress: min(maximumPerAddress, possible))
    }

    /// How many descriptors the process should have for these connections, and what is done on them.
    var neededDescriptors: Int { maximumConnections * Self.descriptorsPerConnection }

    /// Decides about one more connection, but for its place among those that have not logged in: that is for ``LoginPlaces``.
    ///
    /// - Parameters:
    ///   - connections: All connections there are.
    ///   - fromAddress: Connections from the same address.
    /// - Returns: Why not, or `nil` to let it in.
    func refusal(connections: Int, fromAddress: Int) -> Refusal? {
        if connections >= maximumConnections { return .connections }
        return fromAddress >= maximumPerAddress ? .address : nil
    }
}
