import FoundationEssentials
import Glibc

/// Another process's listening socket.
enum ListeningSocket {
    private typealias OpenProcess = @convention(c) (pid_t, UInt32) -> Int32
    private typealias GetDescriptor = @convention(c) (Int32, Int32, UInt32) -> Int32

    /// Makes the socket stop listening behind its owner's back, which then fails to accept.
    ///
    /// - Parameters:
    ///   - process: The owner; a child of this process, or one that this user may trace.
    ///   - port: Where it listens.
    /// - Throws: ``Failed`` when there is no such socket, or it cannot be reached.
    static func shutDown(of process: pid_t, port: UInt16) throws {
        let inodes = try inodes(of: process, listeningOn: port)
        // Declared in sys/pidfd.h (glibc 2.36), which Swift does not see.
        guard let first = unsafe dlsym(nil, "pidfd_open"), let second = unsafe dlsym(nil, "pidfd_getfd") else {
            throw Failed("this glibc has no pidfd_getfd")
        }
        let openProcess = unsafe unsafeBitCast(first, to: OpenProcess.self)
        let getDescriptor = unsafe unsafeBitCast(second, to: GetDescriptor.self)
        let handle = openProcess(process, 0)
        defer { close(handle) }
        var count = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd") {
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/\(name)")
            guard let number = Int32(name), inodes.contains(target ?? "") else { continue }
            let socket = getDescriptor(handle, number, 0)
            guard socket >= 0, shutdown(socket, Int32(SHUT_RDWR)) == 0 else { throw Failed("shutdown: error \(errno)") }
            close(socket)
            count += 1
        }
        guard count > 0 else { throw Failed("\(process) does not listen on port \(port)") }
    }

    /// The sockets in the state LISTEN (0A) on a port, as links of `/proc/<pid>/fd` name them.
    private static func inodes(of process: pid_t, listeningOn port: UInt16) throws -> Set<String> {
        let digits = String(port, radix: 16, uppercase: true)
        let suffix = ":" + String(repeating: "0", count: 4 - digits.count) + digits
        let rows = ["tcp", "tcp6"].flatMap { table in
            String(decoding: (try? HostFile.read("/proc/\(process)/net/\(table)")) ?? [], as: UTF8.self)
                .split(separator: "\n").map { $0.split(separator: " ") }
        }
        return Set(
            rows.filter { $0.count > 9 && $0[1].hasSuffix(suffix) && $0[3] == "0A" }.map { "socket:[\($0[9])]" })
    }
}
