import CLibSSH
import Glibc

/// What libssh reports of channels, and the two directions of bytes.
extension Connection {
    /// How much is handed to libssh at once: two of its packets.
    private static let writeSize = 64 * 1024

    func installChannelCallbacks(_ userData: UnsafeMutableRawPointer) {
        unsafe channelCallbacks.pointee.size = MemoryLayout<ssh_channel_callbacks_struct>.size
        unsafe channelCallbacks.pointee.userdata = userData
        unsafe channelCallbacks.pointee.channel_exec_request_function = { _, handle, command, raw in
            guard let command = unsafe command else { return 1 }
            let bytes = unsafe Array(UnsafeRawBufferPointer(start: command, count: strlen(command)))
            return unsafe Connection.isolated(raw, handle) { unsafe $0.accept(.exec(bytes), on: $1) } == true ? 0 : 1
        }
        unsafe channelCallbacks.pointee.channel_shell_request_function = { _, handle, raw in
            unsafe Connection.isolated(raw, handle) { unsafe $0.accept(.shell, on: $1) } == true ? 0 : 1
        }
        unsafe channelCallbacks.pointee.channel_env_request_function = { _, handle, name, value, raw in
            guard let name = unsafe name, let value = unsafe value else { return 1 }
            let (variable, text) = unsafe (String(cString: name), String(cString: value))
            return unsafe Connection.isolated(raw, handle) { unsafe $0.setEnvironment(variable, text, on: $1) } == true
                ? 0 : 1
        }
        unsafe channelCallbacks.pointee.channel_data_function = { _, handle, data, length, isError, raw in
            // Standard error from a client means nothing to us, and is dropped (RFC 4254 section 5.2).
            guard isError == 0, let data = unsafe data else { return Int32(length) }
            let bytes = unsafe UnsafeRawBufferPointer(start: data, count: Int(length))
            return unsafe Connection.isolated(raw, (bytes, handle)) { unsafe $0.receive($1.0, on: $1.1) }
                ?? Int32(length)
        }
        unsafe channelCallbacks.pointee.channel_eof_function = { _, handle, raw in
            unsafe Connection.isolated(raw, handle) { unsafe $0.receiveEOF(on: $1) }
        }
        unsafe channelCallbacks.pointee.channel_close_function = { _, handle, raw in
            unsafe Connection.isolated(raw, handle) { unsafe $0.receiveClose(on: $1) }
        }
    }

    /// Takes `GIT_PROTOCOL`, refuses every other variable.
    private func setEnvironment(_ name: String, _ value: String, on handle: ssh_channel?) -> Bool {
        guard name == "GIT_PROTOCOL", GitProtocolVariable.isValid(value), let state = unsafe channel(handle),
            !state.requested
        else { return false }
        state.gitProtocol = value
        return true
    }

    // MARK: From the client

    /// Takes received bytes, unless the reader is behind; then they stay in libssh and the window closes.
    private func receive(_ bytes: UnsafeRawBufferPointer, on handle: ssh_channel?) -> Int32 {
        // Before a request nobody will read it, and it must not fill memory.
        guard let state = unsafe channel(handle), state.requested, !state.closed else { return Int32(bytes.count) }
        guard state.inbound.count < ChannelState.inboundLimit else {
            // libssh takes more than the window allows, and would keep it all.
            if bytes.count > ChannelState.heldLimit { dismiss(.overflow) }
            state.held = true
            return 0
        }
        unsafe state.inbound.append(contentsOf: bytes)
        state.held = false
        // Else after the poll, if nothing more is there: each delivery wakes another thread.
        if state.inbound.count >= ChannelState.deliverySize { deliver(state) }
        return Int32(bytes.count)
    }

    private func receiveEOF(on handle: ssh_channel?) {
        guard let state = unsafe channel(handle) else { return }
        state.receivedEOF = true
        deliver(state)
    }

    /// Hands what is there to the reader who waits.
    func deliver(_ state: ChannelState) {
        guard let reader = state.reader else { return }
        if state.inbound.isEmpty {
            guard state.receivedEOF, !state.held else { return }
            state.reader = nil
            reader.continuation.resume(returning: nil)
        } else {
            state.reader = nil
            reader.continuation.resume(returning: take(state))
        }
    }

    private func take(_ state: ChannelState) -> [UInt8] {
        let bytes = state.inbound
        state.inbound = []
        return bytes
    }

    /// Fetches what libssh held back: all of it, because reading opens the window again whatever is left.
    private func fetchHeld(_ state: ChannelState) {
        while state.held, !state.closed {
            let count = unsafe ssh_channel_poll(state.handle, 0)
            guard count > 0 else {
                state.held = false
                return
            }
            var read: Int32 = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, filled in
                read = unsafe ssh_channel_read_nonblocking(state.handle, buffer.baseAddress, UInt32(count), 0)
                filled = Int(max(0, read))
            }
            guard read > 0 else {
                state.held = false
                return
            }
            // Usually empty here, so this is no copy.
            if state.inbound.isEmpty { state.inbound = bytes } else { state.inbound += bytes }
        }
    }

    func read(channel id: UInt64, ticket: UInt64) async throws -> [UInt8]? {
        guard let state = channels[id], state.reader == nil else { throw SSHChannelError.closed }
        try Task.checkCancellation()
        if state.inbound.isEmpty { fetchHeld(state) }
        if !state.inbound.isEmpty { return take(state) }
        if state.receivedEOF { return nil }
        guard !state.closed else { throw SSHChannelError.closed }
        return try await withCheckedThrowingContinuation { continuation in
            // The cancellation handler may have run before this: it finds nothing then, so look again.
            if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
            state.reader = (ticket, continuation)
        }
    }

    func cancelRead(channel id: UInt64, ticket: UInt64) {
        guard let state = channels[id], let reader = state.reader, reader.id == ticket else { return }
        state.reader = nil
        reader.continuation.resume(throwing: CancellationError())
    }

    // MARK: To the client

    func write(_ bytes: [UInt8], channel id: UInt64, isError: Bool, ticket: UInt64) async throws {
        guard let state = channels[id], !state.closed else { throw SSHChannelError.closed }
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
            state.writes.append(
                .init(bytes: bytes, isError: isError, continuation: continuation, id: ticket))
            pump(state)
        }
    }

    func cancelWrite(channel id: UInt64, ticket: UInt64) {
        guard let state = channels[id], let index = state.writes.firstIndex(where: { $0.id == ticket }) else { return }
        let continuation = state.writes[index].continuation.take()
        // What has been begun is sent whole, so that a later write does not start in the middle of a packet of git's.
        if state.writes[index].offset == 0 { state.writes.remove(at: index) }
        continuation?.resume(throwing: CancellationError())
    }

    /// Gives libssh what waits, while the client's window and the socket have room.
    ///
    /// A window that opens fires no callback in libssh 0.10.6, so this runs after every poll as well.
    func pump(_ state: ChannelState) {
        while let pending = state.writes.first, !state.closed, canWrite() {
            let window = unsafe Int(ssh_channel_window_size(state.handle))
            let count = min(window, pending.bytes.count - pending.offset, Self.writeSize)
            guard count > 0 else { return }
            let written = unsafe pending.bytes.withUnsafeBytes { buffer in
                let start = unsafe buffer.baseAddress?.advanced(by: pending.offset)
                return unsafe pending.isError
                    ? ssh_channel_write_stderr(state.handle, start, UInt32(count))
                    : ssh_channel_write(state.handle, start, UInt32(count))
            }
            guard written >= 0 else { return state.markClosed() }
            guard written > 0 else { return }
            // libssh may have called back meanwhile, and the queue be another.
            guard state.writes.first?.id == pending.id else { continue }
            state.writes[0].offset += Int(written)
            if state.writes[0].offset == pending.bytes.count {
                state.writes.removeFirst().continuation?.resume()
            }
        }
    }
}
