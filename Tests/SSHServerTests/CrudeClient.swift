import CLibSSH

@testable import SSHServer

/// A client that asks for what `ssh` would not ask for; lives on a thread of its own, where it may block.
@safe struct CrudeClient {
    enum Login: CaseIterable {
        case none, password, keyboardInteractive
    }

    enum Outcome { case succeeded, denied, failed }

    /// A channel by its number.
    @safe struct Channel {
        fileprivate let handle: ssh_channel
    }

    private let session: ssh_session

    /// Connects, and disconnects when `body` returns.
    ///
    /// - Parameters:
    ///   - port: Where the server listens on this machine.
    ///   - body: May block.
    /// - Returns: What `body` returns.
    /// - Throws: When there is no connection.
    static func run<Value: Sendable>(
        port: UInt16, _ body: @escaping @Sendable (CrudeClient) -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let started = Thread.start(name: "crude-client", stackSize: 1 << 20) {
                guard let client = CrudeClient(port: port) else {
                    return continuation.resume(throwing: ToolError(message: "no connection"))
                }
                let value = body(client)
                client.end()
                continuation.resume(returning: value)
            }
            if !started { continuation.resume(throwing: ToolError(message: "no thread")) }
        }
    }

    private init?(port: UInt16) {
        guard let session = unsafe ssh_new() else { return nil }
        unsafe self.session = session
        var (number, no) = (UInt32(port), false)
        unsafe ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &no)
        unsafe ssh_options_set(session, SSH_OPTIONS_HOST, "127.0.0.1")
        unsafe ssh_options_set(session, SSH_OPTIONS_USER, "git")
        unsafe ssh_options_set(session, SSH_OPTIONS_PORT, &number)
        guard unsafe ssh_connect(session) == SSH_OK else {
            unsafe ssh_free(session)
            return nil
        }
    }

    private func end() {
        unsafe ssh_disconnect(session)
        unsafe ssh_free(session)
    }

    func login(_ method: Login) -> Outcome {
        switch method {
        case .none: outcome(unsafe ssh_userauth_none(session, nil))
        case .password: outcome(unsafe ssh_userauth_password(session, nil, "secret"))
        case .keyboardInteractive: outcome(unsafe ssh_userauth_kbdint(session, nil, nil))
        }
    }

    func login(key path: String) -> Outcome {
        var key: ssh_key?
        guard unsafe ssh_pki_import_privkey_file(path, nil, nil, nil, &key) == SSH_OK, let key = unsafe key else {
            return .failed
        }
        defer { unsafe ssh_key_free(key) }
        return outcome(unsafe ssh_userauth_publickey(session, nil, key))
    }

    private func outcome(_ code: Int32) -> Outcome {
        switch code {
        case Int32(SSH_AUTH_SUCCESS.rawValue): .succeeded
        case Int32(SSH_AUTH_DENIED.rawValue): .denied
        default: .failed
        }
    }

    func openChannel() -> Channel? {
        guard let handle = unsafe ssh_channel_new(session) else { return nil }
        guard unsafe ssh_channel_open_session(handle) == SSH_OK else {
            unsafe ssh_channel_free(handle)
            return nil
        }
        return unsafe Channel(handle: handle)
    }

    /// Asks for a command, or for a shell.
    func request(_ command: String?, on channel: Channel) -> Bool {
        guard let command else { return unsafe ssh_channel_request_shell(channel.handle) == SSH_OK }
        return unsafe ssh_channel_request_exec(channel.handle, command) == SSH_OK
    }

    /// Waits until the server has sent all it will.
    func waitForEnd(of channel: Channel) {
        var byte: UInt8 = 0
        while unsafe ssh_channel_read(channel.handle, &byte, 1, 0) > 0 {}
    }

    func close(_ channel: Channel) {
        unsafe ssh_channel_close(channel.handle)
        unsafe ssh_channel_free(channel.handle)
    }
}
