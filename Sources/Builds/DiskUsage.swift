import Subprocess
import SystemCalls
import SystemPackage

/// What a tree occupies on its disk.
enum DiskUsage {
    /// Far more than du prints of one directory: a number and a path.
    private static let outputLimit = 16 << 10

    /// Counts the blocks of everything below a directory, while somebody changes it.
    ///
    /// By `du`, a process of its own: the tree may be as large and as deep as its build likes, and counting it takes
    /// neither memory nor a thread of the server. It ends with the calling task.
    ///
    /// - Parameter directory: Where to start; other file systems below it are not counted.
    /// - Returns: Bytes; nil when they cannot be counted.
    static func bytes(below directory: String) async -> Int64? {
        guard let program = HostPath.tool("du"), let room = try? DescriptorRoom() else { return nil }
        defer { room.giveBack() }
        let result = try? await Subprocess.run(
            .path(FilePath(program)), arguments: ["-s", "-x", "-B1", "--", directory], environment: .custom([:]),
            output: .string(limit: outputLimit), error: .discarded)
        // Its exit code says only that something vanished meanwhile, as things do in a build.
        guard let text = result?.standardOutput else { return nil }
        return Int64(text.prefix { $0.isNumber })
    }
}
