import Foundation
import Testing

/// Makes keys with the real `ssh-keygen`.
enum KeyGenerator {
    /// Makes a pair `<name>` and `<name>.pub` in the directory.
    ///
    /// - Returns: The line of the public file.
    static func make(_ type: String, bits: Int?, in directory: TemporaryDirectory, name: String) throws -> String {
        var arguments = ["-q", "-t", type, "-N", "", "-C", "\(name)@test", "-f", directory.file(name)]
        if let bits { arguments += ["-b", "\(bits)"] }
        _ = try run(arguments)
        return try directory.read("\(name).pub")
    }

    /// Runs `ssh-keygen` and returns what it printed.
    static func run(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/ssh-keygen")
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }
}
