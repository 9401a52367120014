/// One session channel: bytes from the client, bytes to it.
///
/// Both directions have back-pressure: what is not read closes the SSH window, and a write returns when libssh took the
/// bytes, which it does only while the client's window and the socket have room.
package struct SSHChannel: Sendable {
    let connection: Connection
    let id: UInt64

    /// Reads what has come.
    ///
    /// - Returns: At least one byte, or `nil` when the client has sent all it will.
    /// - Throws: ``SSHChannelError/closed`` when the channel or the connection is gone; `CancellationError`.
    package func read() async throws -> [UInt8]? {
        let ticket = connection.nextTicket()
        return try await withTaskCancellationHandler {
            try await connection.read(channel: id, ticket: ticket)
        } onCancel: {
            Task { await connection.cancelRead(channel: id, ticket: ticket) }
        }
    }

    /// Writes to the client's standard output; concurrent writes go out one after the other, whole.
    ///
    /// - Throws: ``SSHChannelError/closed`` when the channel or the connection is gone; `CancellationError`, in which
    ///   case all or nothing is sent.
    package func write(_ bytes: [UInt8]) async throws {
        try await write(bytes, isError: false)
    }

    /// Writes to the client's standard error; see ``write(_:)``.
    package func writeError(_ bytes: [UInt8]) async throws {
        try await write(bytes, isError: true)
    }

    private func write(_ bytes: [UInt8], isError: Bool) async throws {
        guard !bytes.isEmpty else { return }
        let ticket = connection.nextTicket()
        try await withTaskCancellationHandler {
            try await connection.write(bytes, channel: id, isError: isError, ticket: ticket)
        } onCancel: {
            Task { await connection.cancelWrite(channel: id, ticket: ticket) }
        }
    }
}

/// Why bytes can no longer be exchanged.
package enum SSHChannelError: Error, Equatable, CustomStringConvertible {
    case closed

    package var description: String { "the client closed the connection" }
}
