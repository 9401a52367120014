import Glibc
import SystemCalls

/// What `/proc` knows about processes (proc(5)).
enum ProcessTable {
    /// The children of a process; empty also when the kernel does not tell.
    static func children(of pid: pid_t) -> [pid_t] {
        String(decoding: read("/proc/\(pid)/task/\(pid)/children"), as: UTF8.self).split(separator: " ")
            .compactMap { pid_t($0) }
    }

    /// Kills every process of a session or with a marker in its environment, wherever it went.
    ///
    /// - Parameters:
    ///   - session: The session's id; nil when it is not certain any more.
    ///   - marker: `NAME=value`, exactly as the process got it when it was started.
    /// - Returns: Whether a process was found.
    @discardableResult
    static func kill(session: pid_t?, marker: String) -> Bool {
        let wanted = Array(marker.utf8)[...]
        var found = false
        for pid in all() where pid != getpid() {
            let isMarked = read("/proc/\(pid)/environ").split(separator: 0).contains(wanted)
            // The session's zombies keep its number alive but need no killing.
            let isMember = session.map { getsid(pid) == $0 && state(of: pid) != UInt8(ascii: "Z") } ?? false
            guard isMarked || isMember else { continue }
            found = Glibc.kill(pid, SIGKILL) == 0 || found
        }
        return found
    }

    private static func all() -> [pid_t] {
        ((try? DirectoryStream.names(in: "/proc")) ?? []).compactMap { pid_t($0) }
    }

    /// The letter after the program's name in `/proc/<pid>/stat`; the name may hold anything, also parentheses.
    private static func state(of pid: pid_t) -> UInt8? {
        let bytes = read("/proc/\(pid)/stat")
        guard let end = bytes.lastIndex(of: UInt8(ascii: ")")), end + 2 < bytes.count else { return nil }
        return bytes[end + 2]
    }

    /// The contents of a file; empty when it cannot be read, as with a process that has just ended.
    private static func read(_ path: String) -> [UInt8] {
        guard let file = try? OwnedDescriptor.open(path: path, flags: O_RDONLY) else { return [] }
        var contents: [UInt8] = []
        while let piece = try? file.read(upTo: 16384), !piece.isEmpty { contents += piece }
        return contents
    }
}
