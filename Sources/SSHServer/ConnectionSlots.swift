package import Health

/// How full the SSH server is, as of one moment; the builder's own dials are not in it.
package struct ConnectionSlots: Sendable, Equatable {
    /// All connections there are.
    package let count: Int
    /// How many there may be.
    package let limit: Int
    /// Whether all places were taken, and not enough have been given back since.
    package let isFull: Bool
    /// Connections that have not logged in yet.
    package let unauthenticated: Int

    /// The places of those.
    package let loginPlaces: LoginPlacesReading

    /// Whether a connection was refused lately because there were no descriptors for it.
    package let lacksDescriptors: Bool

    /// Connections that have logged in.
    package var authenticated: Int { count - unauthenticated }

    /// What probes look at.
    package var reading: SlotsReading {
        SlotsReading(
            count: count, limit: limit, isFull: isFull, loginPlaces: loginPlaces, lacksDescriptors: lacksDescriptors)
    }
}
