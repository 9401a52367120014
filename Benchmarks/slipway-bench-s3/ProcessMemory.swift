import Glibc
import SystemCalls

/// This process's memory as the kernel counts it.
struct ProcessMemory {
    /// Bytes now.
    let resident: Int
    /// Bytes at most so far.
    let highest: Int

    /// Reads `/proc/self/status` (proc_pid_status(5)).
    static func now() throws -> ProcessMemory {
        let file = try OwnedDescriptor.open("/proc/self/status".utf8, in: AT_FDCWD, flags: O_RDONLY)
        let text = String(decoding: try file.read(upTo: 16 << 10), as: UTF8.self)
        func bytes(_ name: String) throws -> Int {
            let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
            guard let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
            else { throw S3CopyError("/proc/self/status has no \(name)") }
            return kilobytes * 1024
        }
        return ProcessMemory(resident: try bytes("VmRSS:"), highest: try bytes("VmHWM:"))
    }
}
