import Glibc

/// A TCP connection that was let in.
struct AcceptedSocket: Sendable {
    /// Non-blocking and close-on-exec.
    let descriptor: Int32
    /// The client's numeric address; an IPv4 client of an IPv6 socket is written as IPv4.
    let address: String
    let ticket: ConnectionRegistry.Ticket
}

/// Closes a descriptor from within types that have a `close` of their own.
func close(descriptor: Int32) {
    _ = Glibc.close(descriptor)
}
