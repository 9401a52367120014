import Glibc

/// What the kernel knows of this process now.
struct ProcessReading: Sendable, Equatable {
    /// In bytes.
    let residentMemory: Int64
    /// In bytes.
    let virtualMemory: Int64
    let threads: Int64
    /// Since the machine started, in seconds.
    let startedAfterBoot: Double

    /// Reads `/proc/self/stat`.
    ///
    /// - Returns: Nil where there is no `/proc`.
    static func now() -> ProcessReading? { ProcFile.read("/proc/self/stat").flatMap { ProcessReading(stat: $0) } }

    /// Takes the fields apart; their order is that of proc(5).
    ///
    /// - Parameters:
    ///   - stat: The file's content.
    ///   - pageSize: In bytes.
    ///   - ticksPerSecond: Of the kernel's clock for users.
    init?(
        stat: [UInt8], pageSize: Int64 = Int64(sysconf(Int32(_SC_PAGESIZE))),
        ticksPerSecond: Double = Double(sysconf(Int32(_SC_CLK_TCK)))
    ) {
        // The program's name, the second field, may hold spaces and parentheses.
        guard let nameEnd = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = stat[(nameEnd + 1)...].split(separator: UInt8(ascii: " "))
        /// By proc(5)'s numbers, of which the third is the first here.
        func field(_ number: Int) -> Int64? {
            fields.count > number - 3 ? Int64(String(decoding: fields[number - 3], as: UTF8.self)) : nil
        }
        guard let threads = field(20), let start = field(22), let size = field(23), let pages = field(24) else {
            return nil
        }
        self.threads = threads
        startedAfterBoot = Double(start) / ticksPerSecond
        virtualMemory = size
        residentMemory = pages * pageSize
    }
}
