import Glibc

extension AccessFile {
    /// What a new access file holds: nobody, and how to change that.
    static let template = """
        # Who may push to this Slipway. Changes are picked up within a few seconds; a broken edit changes nothing and is
        # logged.
        #
        # Each user has a name, public keys (the line in ~/.ssh/id_ed25519.pub; Ed25519, ECDSA, or RSA with 2048 bits or
        # more), and the apps to push to: exact names, or "*" alone for all apps.
        #
        # users:
        #   alice:
        #     keys: ["ssh-ed25519 AAAA... alice@laptop"]
        #     apps: ["blog", "shop"]
        #   ci:
        #     keys: ["ssh-rsa AAAA..."]
        #     apps: ["*"]

        users: {}

        """

    /// Makes an access file with an example in its comments, readable only by its owner.
    ///
    /// The file appears whole or not at all, and one that is there is never touched.
    ///
    /// - Parameter path: Where; the directory must exist.
    /// - Returns: Whether the file was made; `false` when there was one.
    /// - Throws: ``AccessFileError`` when it cannot be written.
    @discardableResult
    package static func createTemplate(at path: String) throws(AccessFileError) -> Bool {
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).new"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure() }
        defer {
            close(descriptor)
            unsafe unlink(temporary)
        }
        try write(Array(template.utf8), to: descriptor)
        // The mode of open() is cut by the umask; and the text must be on the disk before the name is.
        guard fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else { throw failure() }
        // Unlike rename(), link() fails when the name is taken, so of two processes one wins.
        guard unsafe link(temporary, path) == 0 else {
            if errno == EEXIST { return false }
            throw failure()
        }
        try syncDirectory(of: path)
        return true
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(AccessFileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure() }
            rest = rest.dropFirst(count)
        }
    }

    private static func syncDirectory(of path: String) throws(AccessFileError) {
        let parent = path.lastIndex(of: "/").map { path[...$0] } ?? "."
        let descriptor = unsafe open(String(parent), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure() }
    }

    /// The error for the current `errno`.
    private static func failure() -> AccessFileError {
        AccessFileError(line: nil, reason: "the file cannot be made: \(SystemError(code: errno))")
    }
}
