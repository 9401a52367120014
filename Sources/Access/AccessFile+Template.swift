import Glibc
import SystemCalls

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
        do throws(SystemCallError) {
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
            let file = try OwnedDescriptor.open(path: temporary, flags: flags, mode: 0o600)
            defer { unsafe unlink(temporary) }
            try file.write(Array(template.utf8))
            // The mode of open() is cut by the umask; and the text must be on the disk before the name is.
            guard fchmod(file.raw, 0o600) == 0 else { throw .last("fchmod") }
            try file.synchronize()
            // Unlike rename(), link() fails when the name is taken, so of two processes one wins.
            guard unsafe link(temporary, path) == 0 else {
                if errno == EEXIST { return false }
                throw .last("link")
            }
            let parent = path.lastIndex(of: "/").map { path[...$0] } ?? "."
            try OwnedDescriptor.open(path: String(parent), flags: O_RDONLY | O_DIRECTORY).synchronize()
            return true
        } catch {
            throw AccessFileError(line: nil, reason: "the file cannot be made: \(error.reason)")
        }
    }
}
