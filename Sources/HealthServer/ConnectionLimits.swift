import NIOCore

/// How long a connection may take for what, and how many there may be.
struct ConnectionLimits: Sendable {
    /// From the first byte that could come to the request's last: a client that dribbles one is cut off as well.
    ///
    /// kubelet opens a connection for each probe; monitors that keep theirs ask again within this or connect again.
    var request = TimeAmount.seconds(10)
    /// From the request to the answer's last byte: `/healthz` takes 800 ms, the rest is a slow reader.
    var answer = TimeAmount.seconds(30)
    /// For the client to close, once it has been told that the connection ends; and for what is in work when the server ends.
    var linger = TimeAmount.seconds(1)
    /// Bytes of a request's header in all; browsers send about 1 KiB, and names of cookies from other ports count too.
    var headerSize = 16 * 1024
    /// Fields of a request's header.
    var headerCount = 100
    /// Connections at one time: each probe is one of a few milliseconds, each monitor and open page one that lasts.
    ///
    /// Fewer where the process may have few descriptors. When they are all there the oldest idle one makes room.
    var connections = 512
}
