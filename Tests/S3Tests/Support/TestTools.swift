import Foundation

/// Where the programs are that `scripts/test` installs for these tests.
enum TestTools {
    /// The repository.
    static let root = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()

    /// Their own place comes last, so that PATH can name others.
    static let path =
        (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin") + ":\(root)/.build/test-tools/s3/bin"

    /// The Python that a program of the same place belongs to.
    ///
    /// - Parameter program: As in `moto_server`.
    /// - Returns: The Python's path.
    /// - Throws: ``MissingTool``.
    static func python(beside program: String) throws -> String {
        let found = path.split(separator: ":").first { place in
            FileManager.default.isExecutableFile(atPath: "\(place)/\(program)")
                && FileManager.default.isExecutableFile(atPath: "\(place)/python3")
                && FileManager.default.fileExists(atPath: "\(place)/../pyvenv.cfg")
        }
        guard let found else { throw MissingTool(name: program) }
        return "\(found)/python3"
    }
}

/// A program that a test needs is not there.
struct MissingTool: Error, CustomStringConvertible {
    let name: String

    var description: String { "\(name) did not run: scripts/test installs it, or put it on PATH" }
}
