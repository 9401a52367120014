import FoundationEssentials

/// The kernel's own account of the most memory that a process had resident, exact between two looks.
struct PeakMemory: Sendable {
    let process: Int32
    /// Resident memory when the watch began, in bytes.
    let before: Int

    /// Starts to watch a server.
    init(of server: SlipwayServer) throws {
        process = server.process.id
        // 5 sets the peak to what is resident now (proc(5), clear_refs).
        try Data("5".utf8).write(to: URL(filePath: "/proc/\(process)/clear_refs"))
        before = try server.residentMemory
    }

    /// By how many bytes the peak is above the start.
    var growth: Int {
        get throws {
            let status = String(decoding: try HostFile.read("/proc/\(process)/status"), as: UTF8.self)
            guard let found = status.firstMatch(of: /VmHWM:\s+(\d+) kB/), let peak = Int(found.1) else {
                throw Failed("no VmHWM of \(process)")
            }
            return peak * 1024 - before
        }
    }
}

extension Int {
    /// Bytes in words, for a test's output.
    var inMegabytes: String { "\(self / 1_048_576).\(self % 1_048_576 * 10 / 1_048_576) MiB" }
}
