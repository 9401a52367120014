import Glibc

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
        guard let stream = unsafe opendir("/proc") else { return [] }
        defer { unsafe closedir(stream) }
        var pids: [pid_t] = []
        while let item = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &item.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            if let pid = pid_t(String(decoding: name, as: UTF8.self)) { pids.append(pid) }
        }
        return pids
    }

    /// The letter after the program's name in `/proc/<pid>/stat`; the name may hold anything, also parentheses.
    private static func state(of pid: pid_t) -> UInt8? {
        let bytes = read("/proc/\(pid)/stat")
        guard let end = bytes.lastIndex(of: UInt8(ascii: ")")), end + 2 < bytes.count else { return nil }
        return bytes[end + 2]
    }

    /// The contents of a file; empty when it cannot be read, as with a process that has just ended.
    private static func read(_ path: String) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var contents: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return contents }
            contents += buffer.prefix(count)
        }
    }
}
