import CLibSSH

/// What a connection knows of one of its channels.
///
/// Belongs to the connection actor; never leaves it.
@safe final class ChannelState {
    /// Received bytes that wait for their reader beyond this stay in libssh, which then closes the SSH window:
    /// a slow consumer slows its client and costs at most one window of memory.
    static let inboundLimit = 256 * 1024
    /// While more is on the socket, this much is collected before the reader is woken.
    static let deliverySize = 128 * 1024
    /// No client that keeps to the window (1,280,000 bytes in libssh 0.10.6) gets there.
    static let heldLimit = 4 << 20

    /// Bytes on their way out, and who waits for them to be taken.
    struct PendingWrite {
        let bytes: [UInt8]
        let isError: Bool
        var offset = 0
        /// `nil` once its writer has been cancelled.
        var continuation: CheckedContinuation<Void, any Error>?
        let id: UInt64
    }

    let id: UInt64
    let handle: ssh_channel
    var requested = false
    var gitProtocol: String?
    var inbound: [UInt8] = []
    /// libssh holds more for us, because ``inbound`` was full.
    var held = false
    var receivedEOF = false
    /// The peer closed the channel, or the connection is gone.
    var closed = false
    var reader: (id: UInt64, continuation: CheckedContinuation<[UInt8]?, any Error>)?
    var writes: [PendingWrite] = []
    var closeWaiters: [CheckedContinuation<Void, Never>] = []

    init(id: UInt64, handle: ssh_channel) {
        self.id = id
        unsafe self.handle = handle
    }

    /// Resumes whoever waits, because nothing will come or go any more.
    func markClosed() {
        guard !closed else { return }
        closed = true
        reader?.continuation.resume(throwing: SSHChannelError.closed)
        reader = nil
        for write in writes { write.continuation?.resume(throwing: SSHChannelError.closed) }
        writes.removeAll()
        for waiter in closeWaiters { waiter.resume() }
        closeWaiters.removeAll()
    }
}
