import Glibc

/// Reads files of `/proc`, which are made as they are read.
enum ProcFile {
    /// `/proc/stat` of a machine with hundreds of processors is the largest that is read.
    private static let maximumSize = 1 << 20

    /// The whole of a file.
    ///
    /// - Parameter path: Below `/proc`.
    /// - Returns: Nil when it cannot be read or is larger than 1 MiB.
    static func read(_ path: String) -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while content.count < maximumSize {
            let count = unsafe Glibc.read(file, &chunk, chunk.count)
            if count == 0 { return content }
            if count > 0 {
                content += chunk[..<count]
            } else if errno != EINTR {
                return nil
            }
        }
        return nil
    }

    /// How many descriptors this process has open, without the one that counts them.
    ///
    /// - Returns: Nil when there is no descriptor left to count with.
    static func openDescriptors() -> Int64? {
        guard let directory = unsafe opendir("/proc/self/fd") else { return nil }
        defer { unsafe closedir(directory) }
        var count: Int64 = 0
        while let entry = unsafe readdir(directory) {
            // "." and ".." are no numbers.
            if unsafe entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
        }
        return count - 1
    }
}
