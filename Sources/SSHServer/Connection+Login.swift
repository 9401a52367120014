import CLibSSH
import Logging

/// Who the client is.
extension Connection {
    func authenticate(key: ssh_key?, signature: CChar) -> Int32 {
        let denied = Int32(SSH_AUTH_DENIED.rawValue)
        guard unsafe session != nil, farewell == nil, let blob = unsafe KeyBlob.of(key) else { return denied }
        let state = Int32(signature)
        let isProbe = state == SSH_PUBLICKEY_STATE_NONE.rawValue
        let isSigned = state == SSH_PUBLICKEY_STATE_VALID.rawValue
        if isProbe || isSigned, let name = authenticator.userName(forKeyBlob: blob) {
            if isSigned, userName == nil {
                userName = name
                userKey = blob
                logger[metadataKey: "user"] = "\(name)"
                logger.info("logged in", metadata: ["key": "\(unsafe KeyBlob.fingerprint(of: key))"])
                metrics?.countKey(accepted: true)
                onAuthenticated()
            }
            return Int32(SSH_AUTH_SUCCESS.rawValue)
        }
        failedTries += 1
        metrics?.countKey(accepted: false)
        explainTrouble()
        logger.info(
            "key refused", metadata: ["key": "\(unsafe KeyBlob.fingerprint(of: key))", "tries": "\(failedTries)"])
        if failedTries >= configuration.maximumAuthenticationTries {
            logger.info("login refused: too many keys tried", metadata: ["tries": "\(failedTries)"])
            farewell = .tooManyTries
        }
        return denied
    }

    /// Tells a client whose key was refused, once, that this may not be the key's fault.
    private func explainTrouble() {
        guard !hasExplainedTrouble, let session = unsafe session, let trouble = authenticator.trouble else { return }
        hasExplainedTrouble = true
        unsafe LoginBanner.send(trouble: trouble, on: session)
    }

    /// Counts a connection that ended before the login.
    func countFailure(_ session: ssh_session) {
        let failure: HandshakeFailure? =
            switch farewell {
            case .tooManyTries: .tooManyTries
            case .loginTime: .loginTimeout
            case .crowded: .crowded
            // Our doing, not the client's.
            case .shutdown: nil
            case .silent, .overflow, nil:
                unsafe HandshakeFailure(
                    error: ssh_get_error(UnsafeMutableRawPointer(session)).map { unsafe String(cString: $0) } ?? "",
                    hasKeys: ssh_get_cipher_in(session) != nil)
            }
        if let failure { metrics?.count(failure) }
    }
}
