import CLibSSH
import FoundationEssentials

/// Public keys as bytes.
enum KeyBlob {
    /// The key in SSH's wire format (RFC 4253 section 6.6), or `nil` when libssh cannot write it.
    static func of(_ key: ssh_key?) -> [UInt8]? {
        var text: UnsafeMutablePointer<CChar>?
        guard let key = unsafe key, unsafe ssh_pki_export_pubkey_base64(key, &text) == SSH_OK,
            let text = unsafe text
        else { return nil }
        defer { unsafe ssh_string_free_char(text) }
        return unsafe Data(base64Encoded: String(cString: text)).map { Array($0) }
    }

    /// `SHA256:…`, as `ssh-keygen -l` prints it.
    static func fingerprint(of key: ssh_key?) -> String {
        var hash: UnsafeMutablePointer<UInt8>?
        var length = 0
        guard let key = unsafe key,
            unsafe ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &length) == SSH_OK,
            let text = unsafe ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, length)
        else { return "unknown" }
        defer {
            unsafe ssh_string_free_char(text)
            unsafe ssh_clean_pubkey_hash(&hash)
        }
        return unsafe String(cString: text)
    }
}
