import Access
import Glibc
import Settings

/// The one line that tells a person at the terminal how to push.
struct Announcement: Sendable {
    let settings: Settings
    let access: AccessFile

    /// Prints it, once the server accepts.
    func make(sshPort: UInt16) {
        let remote = settings.ssh.pushURL(host: "localhost", boundPort: sshPort)
        var line = "Slipway is ready. Push with: git push \(remote)/APP \(settings.deployBranches[0])"
        if access.rules.users.isEmpty {
            line += "  (nobody may yet: add your public key to \(settings.accessFile))"
        }
        // Not print: that waits in a buffer when standard output is a pipe.
        let bytes = Array("\(line)\n".utf8)
        _ = unsafe write(STDOUT_FILENO, bytes, bytes.count)
    }
}
