import CLibSSH

/// libssh's shared part of a server: host keys and the algorithms offered.
///
/// Written once, then only read when a session is made, which happens on one thread.
@safe final class ServerBind: Sendable {
    private nonisolated(unsafe) let bind: ssh_bind

    /// Loads the keys and checks the algorithms.
    ///
    /// - Parameters:
    ///   - hostKeys: `nil` to check the algorithms only.
    ///   - algorithms: What is offered.
    /// - Throws: ``SSHServerError`` for a list that libssh does not know whole, or a key that it cannot load.
    init(hostKeys: HostKeys?, algorithms: SSHServerConfiguration.Algorithms) throws(SSHServerError) {
        guard let bind = unsafe ssh_bind_new() else { throw .listen("out of memory") }
        unsafe self.bind = bind
        // The host's /etc/ssh/libssh_server_config must not change what is offered here.
        var no = false
        unsafe ssh_bind_options_set(bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &no)
        try set(SSH_BIND_OPTIONS_KEY_EXCHANGE, "ssh.key-exchange", algorithms.keyExchange)
        try set(SSH_BIND_OPTIONS_CIPHERS_C_S, "ssh.ciphers", algorithms.ciphers)
        try set(SSH_BIND_OPTIONS_CIPHERS_S_C, "ssh.ciphers", algorithms.ciphers)
        try set(SSH_BIND_OPTIONS_HMAC_C_S, "ssh.macs", algorithms.macs)
        try set(SSH_BIND_OPTIONS_HMAC_S_C, "ssh.macs", algorithms.macs)
        try set(SSH_BIND_OPTIONS_PUBKEY_ACCEPTED_KEY_TYPES, "public key algorithms", Self.userKeyAlgorithms)
        for path in hostKeys?.paths ?? [] {
            guard unsafe ssh_bind_options_set(bind, SSH_BIND_OPTIONS_HOSTKEY, path) == 0 else {
                throw .hostKey(path: path, reason: "libssh cannot load it")
            }
        }
        // After the keys: setting a key resets the list.
        try set(SSH_BIND_OPTIONS_HOSTKEY_ALGORITHMS, "ssh.host-key-algorithms", algorithms.hostKey)
    }

    deinit { unsafe ssh_bind_free(bind) }

    /// Signatures taken from users; RSA only with SHA-2 (RFC 8332).
    static let userKeyAlgorithms = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512",
        "rsa-sha2-256",
    ]

    private func set(_ option: ssh_bind_options_e, _ key: String, _ names: [String]) throws(SSHServerError) {
        let list = names.joined(separator: ",")
        guard !names.isEmpty, unsafe ssh_bind_options_set(bind, option, list) == 0 else {
            throw .algorithms(list: key, value: list)
        }
    }

    /// Makes the session for an accepted socket, which the session owns from then on.
    ///
    /// - Returns: `nil` on failure, with the socket closed.
    func makeSession(on descriptor: Int32) -> ssh_session? {
        guard let session = unsafe ssh_new() else {
            close(descriptor: descriptor)
            return nil
        }
        // "no" would not switch it off.
        unsafe ssh_options_set(session, SSH_OPTIONS_COMPRESSION, "none")
        guard unsafe ssh_bind_accept_fd(bind, session, descriptor) == SSH_OK else {
            unsafe ssh_free(session)
            return nil
        }
        return unsafe session
    }
}
