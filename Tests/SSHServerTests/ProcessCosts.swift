import FoundationEssentials
import Glibc

/// What this process holds and has used, according to the kernel (proc(5)).
struct ProcessCosts: Sendable {
    let threads: Int
    let descriptors: Int
    /// Memory of its own, in bytes.
    let memory: Int
    /// Processor time, user and system.
    let time: Duration

    static func now() throws -> ProcessCosts {
        let status = String(decoding: try Data(contentsOf: URL(filePath: "/proc/self/status")), as: UTF8.self)
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        guard let line, let kilobytes = Int(line.filter { $0.isNumber }) else {
            throw ToolError(message: "no RssAnon in /proc/self/status")
        }
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let files = FileManager.default
        return ProcessCosts(
            threads: try files.contentsOfDirectory(atPath: "/proc/self/task").count,
            descriptors: try files.contentsOfDirectory(atPath: "/proc/self/fd").count, memory: kilobytes * 1024,
            time: .init(usage.ru_utime) + .init(usage.ru_stime))
    }
}

extension Duration {
    fileprivate init(_ time: timeval) {
        self = .seconds(time.tv_sec) + .microseconds(Int64(time.tv_usec))
    }
}
