import Glibc

/// Why a connection ended before its client had logged in; the values are metric labels.
enum HandshakeFailure: String, CaseIterable {
    /// What came was not SSH, or there was no algorithm that both sides know.
    case keyExchange = "key_exchange"
    /// The client took too long.
    case loginTimeout = "login_timeout"
    /// The client's place was given to another one.
    case crowded
    /// The client offered too many keys that nobody holds.
    case tooManyTries = "too_many_tries"
    /// The client went away: a port scan that says nothing, or one that has no more keys to offer.
    case clientGone = "client_gone"

    /// How libssh 0.10.6 says that the peer is gone.
    ///
    /// With other words after "Socket error" it has closed the socket itself, for what it did not like.
    private static let errorsOfTheGone =
        ["Received SSH_MSG_DISCONNECT", "Socket error: disconnected"]
        + [ECONNRESET, EPIPE, ETIMEDOUT, ENETUNREACH, EHOSTUNREACH].map { "Socket error: \(SystemError.text($0))" }

    /// Judges what libssh said last.
    ///
    /// - Parameters:
    ///   - error: libssh's own words.
    ///   - hasKeys: Whether the key exchange was finished.
    init(error: String, hasKeys: Bool) {
        let isGone = hasKeys || Self.errorsOfTheGone.contains { error.hasPrefix($0) }
        self = isGone ? .clientGone : .keyExchange
    }
}
