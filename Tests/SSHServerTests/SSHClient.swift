import Subprocess

/// The real `ssh`, without anything of the user who runs the tests.
struct SSHClient: Sendable {
    /// A client whose input and output a test handles itself.
    typealias Running = Execution<CustomWriteInput, SequenceOutput, StringOutput<UTF8>>

    let port: UInt16
    let scratch: Scratch
    /// Private key files, in the order in which they are offered.
    var keys: [String]
    /// More `-o` settings; they come first, and with `ssh` the first counts.
    var settings: [String] = []
    var host = "127.0.0.1"

    /// The same client with more settings.
    func with(_ more: String...) -> SSHClient {
        var copy = self
        copy.settings = more + settings
        return copy
    }

    func arguments(_ flags: [String], _ command: [String]) -> [String] {
        let fixed = [
            "IdentitiesOnly=yes", "IdentityAgent=none", "UserKnownHostsFile=\(scratch("known_hosts"))",
            "GlobalKnownHostsFile=/dev/null", "StrictHostKeyChecking=no", "BatchMode=yes", "ConnectTimeout=60",
        ]
        return ["-F", "none"] + (settings + fixed).flatMap { ["-o", $0] } + keys.flatMap { ["-i", $0] }
            + flags + ["-p", "\(port)", "git@\(host)"] + command
    }

    /// Runs a command on the server.
    func run(
        _ command: String..., flags: [String] = [], input: [UInt8] = [],
        environment: [Environment.Key: String?] = [:]
    ) async throws -> Tool.Result {
        try await Tool.run("ssh", arguments(flags, command), input: input, environment: environment)
    }

    /// Starts a command on the server and kills the client when `body` returns.
    @discardableResult
    func start<Value: Sendable>(
        _ command: String..., flags: [String] = [], _ body: (Running) async throws -> Value
    ) async throws -> (value: Value, errors: String) {
        let result = try await Subprocess.run(
            .name("ssh"), arguments: Arguments(arguments(flags, command)), input: .inputWriter, output: .sequence,
            error: .string(limit: 1 << 20)
        ) { running in
            let outcome: Result<Value, any Error>
            do { outcome = .success(try await body(running)) } catch { outcome = .failure(error) }
            // SIGCONT is not needed: a stopped process can be killed.
            try? running.send(signal: .kill)
            return try outcome.get()
        }
        return (result.closureResult, result.standardError)
    }
}
