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
                onAuthenticated()
            }
            return Int32(SSH_AUTH_SUCCESS.rawValue)
        }
        failedTries += 1
        logger.info(
            "key refused", metadata: ["key": "\(unsafe KeyBlob.fingerprint(of: key))", "tries": "\(failedTries)"])
        if failedTries >= configuration.maximumAuthenticationTries {
            logger.info("login refused: too many keys tried", metadata: ["tries": "\(failedTries)"])
            farewell = .tooManyTries
        }
        return denied
    }
}
