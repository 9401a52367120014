/// Knows whose a public key is.
package protocol KeyAuthenticator: Sendable {
    /// Finds the owner of a key.
    ///
    /// Called on the connection's own thread during login, so it answers from memory.
    ///
    /// - Parameter blob: The key in SSH's wire format (RFC 4253 section 6.6).
    /// - Returns: The user's name, or `nil` when nobody holds that key.
    func userName(forKeyBlob blob: [UInt8]) -> String?

    /// Why the list of keys may be out of date, in plain words, or `nil` when all is well.
    ///
    /// Clients whose keys are refused are shown it. Called like ``userName(forKeyBlob:)``.
    var trouble: String? { get }
}

/// Carries out what clients ask for.
package protocol RequestHandler: Sendable {
    /// Serves one request.
    ///
    /// The task is cancelled when the client closes the channel or is gone, and when a shutdown has waited long enough.
    ///
    /// - Returns: The exit status that the client is told.
    func handle(_ request: SSHRequest, on channel: SSHChannel) async -> Int32
}
