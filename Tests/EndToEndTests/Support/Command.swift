import FoundationEssentials
import Glibc

/// A program to be run in a test, with the surroundings it gets.
struct Command: Sendable {
    let program: String
    let arguments: [String]
    var environment: [String: String] = Command.cleanEnvironment
    var directory: String?
    /// What it reads; `nil`: nothing.
    var input: [UInt8]?
    /// It is killed, with its group, after this time, and the test fails.
    var timeout: Duration = .seconds(300)

    /// Nothing from the user who runs the tests.
    static let cleanEnvironment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"]

    init(_ program: String, _ arguments: [String]) {
        self.program = program
        self.arguments = arguments
    }

    /// Runs it to its end.
    ///
    /// - Throws: ``Overdue`` if it takes longer than ``timeout``.
    func run() async throws -> CommandResult {
        let running = try start()
        return try await running.result(within: timeout)
    }

    /// Starts it and lets it run, with a pipe for its input if the test is to write to it.
    func start(pipe: Bool = false) throws -> RunningCommand {
        let files = try TemporaryDirectory()
        var source = pipe ? ChildProcess.Input.pipe : .none
        if let input { source = .file(try files.write("input", bytes: input)) }
        let process = try ChildProcess(
            program, arguments, environment: environment, directory: directory, input: source,
            output: files("output"), errors: files("errors"))
        return RunningCommand(
            name: ([program] + arguments).joined(separator: " "), process: process, files: files)
    }
}
