import Glibc

/// A TCP connection that was let in.
struct AcceptedSocket: Sendable {
    /// Non-blocking and close-on-exec.
    let descriptor: Int32
    /// The client's numeric address; an IPv4 client of an IPv6 socket is written as IPv4.
    let address: String
    /// `nil` for a dial of the builder's own, which takes no place.
    let ticket: ConnectionRegistry.Ticket?

    var isOwnDial: Bool { ticket == nil }
}

/// Closes a descriptor from within types that have a `close` of their own.
func close(descriptor: Int32) {
    _ = Glibc.close(descriptor)
}
