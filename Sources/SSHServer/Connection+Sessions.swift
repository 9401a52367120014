import CLibSSH

/// Session channels from their opening to their end.
extension Connection {
    func openChannel() -> ssh_channel? {
        // One that was closed before it was asked for anything is about to be freed.
        let taken = channels.values.count { !$0.closed || $0.requested }
        guard userName != nil, taken < configuration.maximumSessions,
            lingering.count < configuration.maximumSessions, let session = unsafe session,
            let handle = unsafe ssh_channel_new(session)
        else { return nil }
        let state = unsafe ChannelState(id: nextTicket(), handle: handle)
        unsafe ssh_set_channel_callbacks(handle, channelCallbacks)
        channels[state.id] = state
        return unsafe handle
    }

    func channel(_ handle: ssh_channel?) -> ChannelState? {
        channels.values.first { unsafe $0.handle == handle }
    }

    /// Takes the one request that a channel may make.
    ///
    /// - Returns: Whether it is granted.
    func accept(_ kind: SSHRequest.Kind, on handle: ssh_channel?) -> Bool {
        guard let userName, let state = unsafe channel(handle), !state.requested else { return false }
        state.requested = true
        let request = SSHRequest(
            kind: kind, user: userName, keyBlob: userKey, gitProtocol: state.gitProtocol, address: address,
            connectionID: id)
        requestSink.yield((request, SSHChannel(connection: self, id: state.id)))
        return true
    }

    /// Ends a channel in order: exit status, end of file, close.
    func finish(channel id: UInt64, status: Int32) {
        guard let state = channels.removeValue(forKey: id) else { return }
        let gone = state.closed
        state.markClosed()
        if !gone {
            unsafe lingering.insert(UInt(bitPattern: state.handle))
            unsafe ssh_channel_request_send_exit_status(state.handle, status)
            unsafe ssh_channel_send_eof(state.handle)
            unsafe ssh_channel_close(state.handle)
        }
        // The callbacks stay: they drop what still comes, where libssh would keep it.
        unsafe ssh_channel_free(state.handle)
    }

    /// The client has closed a channel.
    func receiveClose(on handle: ssh_channel?) {
        if let state = unsafe channel(handle) {
            state.markClosed()
        } else {
            lingering.remove(UInt(bitPattern: handle))
        }
    }

    /// Takes note of a client that will be parted from after this poll.
    func dismiss(_ reason: Farewell) { farewell = farewell ?? reason }

    /// Waits until the client closes the channel or is gone.
    func closed(channel id: UInt64) async {
        guard let state = channels[id], !state.closed else { return }
        await withCheckedContinuation { state.closeWaiters.append($0) }
    }
}
