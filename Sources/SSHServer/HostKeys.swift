import CLibSSH
import Glibc
package import Logging

/// The server's own keys: made once, on the first start, and never again.
package struct HostKeys: Sendable {
    /// The private key files, Ed25519 first.
    package let paths: [String]
    /// `SHA256:…` of each public key, in the same order, as `ssh` shows them to whoever connects for the first time.
    package let fingerprints: [String]

    private struct Kind {
        let file: String
        let type: ssh_keytypes_e
        let bits: Int32
    }

    private static let kinds = [
        Kind(file: "ssh_host_ed25519_key", type: SSH_KEYTYPE_ED25519, bits: 0),
        // 3072 bits: what ssh-keygen makes, and the least that NIST allows beyond 2030 (SP 800-57 part 1).
        Kind(file: "ssh_host_rsa_key", type: SSH_KEYTYPE_RSA, bits: 3072),
    ]

    /// What the private key files are called, in the order of ``paths`` where all are there.
    package static let fileNames = kinds.map(\.file)

    /// Reads the keys in `directory`, and makes those that are missing.
    ///
    /// A key appears whole, with mode 0600, or not at all; of two servers that start at once one wins and both use its key.
    ///
    /// - Throws: ``SSHServerError/hostKey(path:reason:)``; a key that is there but cannot be read is an error, never replaced.
    package static func load(orCreateIn directory: String, logger: Logger) throws(SSHServerError) -> HostKeys {
        guard unsafe mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw .hostKey(path: directory, reason: "cannot make the folder: \(SystemError.text(errno))")
        }
        var paths: [String] = []
        var fingerprints: [String] = []
        for kind in kinds {
            let path = directory + "/" + kind.file
            if unsafe access(path, F_OK) != 0 {
                try create(kind, at: path, in: directory)
                logger.notice("host key made", metadata: ["path": "\(path)"])
            }
            paths.append(path)
            fingerprints.append(try fingerprint(of: path))
        }
        return HostKeys(paths: paths, fingerprints: fingerprints)
    }

    /// Reads the keys that are there, and makes none.
    ///
    /// - Throws: ``SSHServerError/hostKey(path:reason:)`` for one that cannot be used.
    package static func load(existingIn directory: String) throws(SSHServerError) -> HostKeys {
        var paths: [String] = []
        var fingerprints: [String] = []
        for kind in kinds {
            let path = directory + "/" + kind.file
            guard unsafe access(path, F_OK) == 0 else {
                // ENOTDIR, for one, is not "none yet": a start would fail.
                guard errno == ENOENT else { throw .hostKey(path: path, reason: SystemError.text(errno)) }
                continue
            }
            paths.append(path)
            fingerprints.append(try fingerprint(of: path))
        }
        return HostKeys(paths: paths, fingerprints: fingerprints)
    }

    private static func fingerprint(of path: String) throws(SSHServerError) -> String {
        guard unsafe access(path, R_OK) == 0 else {
            throw .hostKey(path: path, reason: "cannot read it: \(SystemError.text(errno))")
        }
        var status = stat()
        // Group-readable is how Kubernetes mounts a Secret for a user that is not root.
        guard unsafe stat(path, &status) == 0, status.st_mode & 0o037 == 0 else {
            throw .hostKey(path: path, reason: "others can read or change it; expected mode 0600: chmod 600 \(path)")
        }
        var key: ssh_key?
        guard unsafe ssh_pki_import_privkey_file(path, nil, nil, nil, &key) == SSH_OK, let key = unsafe key else {
            throw .hostKey(path: path, reason: "expected a private key without a passphrase, as ssh-keygen makes it")
        }
        defer { unsafe ssh_key_free(key) }
        return unsafe KeyBlob.fingerprint(of: key)
    }

    private static func create(_ kind: Kind, at path: String, in directory: String) throws(SSHServerError) {
        var key: ssh_key?
        guard unsafe ssh_pki_generate(kind.type, kind.bits, &key) == SSH_OK, let key = unsafe key else {
            throw .hostKey(path: path, reason: "libssh could not generate it")
        }
        defer { unsafe ssh_key_free(key) }
        // Not ssh_pki_export_privkey_file: that writes mode 0644.
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe ssh_pki_export_privkey_base64(key, nil, nil, nil, &text) == SSH_OK, let text = unsafe text else {
            throw .hostKey(path: path, reason: "libssh could not write it")
        }
        defer { unsafe ssh_string_free_char(text) }
        let bytes = unsafe UnsafeRawBufferPointer(start: text, count: strlen(text))
        try unsafe publish(bytes, at: path, in: directory)
    }

    /// Writes a file that appears whole; one that another process made first is kept.
    private static func publish(
        _ bytes: UnsafeRawBufferPointer, at path: String, in directory: String
    ) throws(SSHServerError) {
        // Not the process id: in two containers on one volume that is 1 twice.
        let temporary = "\(path).\(String(UInt64.random(in: 0 ... .max), radix: 36)).new"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .hostKey(path: path, reason: SystemError.text(errno)) }
        defer { unsafe unlink(temporary) }
        let written = unsafe write(descriptor, bytes.baseAddress, bytes.count)
        let synced = fsync(descriptor)
        let failure = errno
        close(descriptor)
        guard written == bytes.count, synced == 0 else {
            throw .hostKey(path: path, reason: "cannot write it: \(SystemError.text(failure))")
        }
        guard unsafe link(temporary, path) == 0 || errno == EEXIST else {
            throw .hostKey(path: path, reason: SystemError.text(errno))
        }
        let folder = unsafe Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }
}
