import FoundationEssentials
import Glibc

/// The built program.
enum SlipwayProgram {
    /// Where it is: SwiftPM puts it beside the tests.
    static var path: String {
        get throws {
            var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
            let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
            let tests = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
            for place in [tests, CommandLine.arguments[0]] {
                var folder = URL(filePath: place).deletingLastPathComponent()
                while folder.path.count > 1 {
                    let program = folder.appending(path: "slipway").path
                    if FileManager.default.isExecutableFile(atPath: program), !isDirectory(program) { return program }
                    folder.deleteLastPathComponent()
                }
            }
            throw Failed("slipway is not beside the tests (\(tests)): run swift build")
        }
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Runs it to its end, with nothing in its environment but `environment` and a PATH.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], directory: String, timeout: Duration = .seconds(120)
    ) async throws -> CommandResult {
        var command = Command(try path, arguments)
        command.environment.merge(environment) { $1 }
        command.directory = directory
        command.timeout = timeout
        return try await command.run()
    }
}
