import FoundationEssentials
import Glibc

/// The processes of this machine, seen from outside of all sandboxes.
enum HostProcesses {
    /// Those that have `argument` among their words.
    static func with(argument: String) -> [pid_t] {
        let wanted = Array(argument.utf8)[...]
        return all.filter { pid in
            ((try? HostFile.read("/proc/\(pid)/cmdline")) ?? []).split(separator: 0).contains(wanted)
        }
    }

    /// The children of a process, and theirs, but not those that have ended and wait to be asked how.
    static func descendants(of root: pid_t) -> [pid_t] {
        let parents = all.compactMap { pid in parent(of: pid).map { (pid, $0) } }
        var found: [pid_t] = []
        var next = [root]
        while let current = next.popLast() {
            let children = parents.filter { $0.1 == current }.map(\.0)
            found += children
            next += children
        }
        return found
    }

    /// A number of seconds for `sleep` that nobody else sleeps, by which a process can be found.
    static func uniqueNap() -> String { "\(Int.random(in: 100_000...999_999)).\(Int.random(in: 100_000...999_999))" }

    private static var all: [pid_t] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
    }

    /// The parent of a process that runs.
    private static func parent(of pid: pid_t) -> pid_t? {
        guard let bytes = try? HostFile.read("/proc/\(pid)/stat") else { return nil }
        // The program's name, in parentheses, may hold anything; after it come the state and the parent (proc(5)).
        let words = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        guard words.count > 1, words[0] != "Z" else { return nil }
        return pid_t(words[1])
    }
}
