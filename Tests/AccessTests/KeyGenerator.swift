import TestSupport
import Testing

/// Makes keys with the real `ssh-keygen`.
enum KeyGenerator {
    /// Makes a pair `<name>` and `<name>.pub` in the directory.
    ///
    /// - Returns: The line of the public file.
    static func make(_ type: String, bits: Int?, in directory: TemporaryDirectory, name: String) throws -> String {
        var arguments = ["-q", "-t", type, "-N", "", "-C", "\(name)@test", "-f", directory(name)]
        if let bits { arguments += ["-b", "\(bits)"] }
        _ = try run(arguments)
        return try directory.read("\(name).pub")
    }

    /// Runs `ssh-keygen` and returns what it printed.
    static func run(_ arguments: [String]) throws -> String {
        let result = try Tool.run(["ssh-keygen"] + arguments)
        try #require(result.status == 0, "\(result.errors)")
        return String(decoding: result.output, as: UTF8.self)
    }
}
