import Glibc

/// A running `slipway serve`; killed when this object goes.
final class SlipwayServer: Sendable {
    let process: ChildProcess
    let sshPort: UInt16
    let healthPort: UInt16
    private let directory: TemporaryDirectory
    private let name: String

    /// Starts a server and waits until it accepts.
    ///
    /// - Parameters:
    ///   - directory: Where it runs, and where its output goes.
    ///   - name: What its output files are called, for tests that start several.
    ///   - arguments: Flags after `serve`.
    ///   - environment: Added to an environment that has nothing but a PATH.
    /// - Returns: The server, once it listens.
    /// - Throws: ``Failed`` with what it said, if it ended or is not there after 30 s.
    static func start(
        in directory: TemporaryDirectory, name: String = "server", arguments: [String],
        environment: [String: String] = [:]
    ) async throws -> SlipwayServer {
        let process = try ChildProcess(
            SlipwayProgram.path, ["serve"] + arguments,
            environment: Command.cleanEnvironment.merging(environment) { $1 }, directory: directory.path,
            output: directory("\(name).out"), errors: directory("\(name).log"))
        do {
            return try await eventually("slipway serves", within: .seconds(60)) {
                if let ending = process.ending { throw Failed("slipway ended: \(ending)") }
                return SlipwayServer(process: process, directory: directory, name: name)
            }
        } catch {
            throw Failed("\(error)\n\((try? directory.read("\(name).log")) ?? "")")
        }
    }

    /// The server, if it has said already where it listens.
    private init?(process: ChildProcess, directory: TemporaryDirectory, name: String) {
        self.process = process
        self.directory = directory
        self.name = name
        let lines = Self.lines(of: directory, name)
        let addresses = lines.first { $0.message == "ssh is listening" }?["on"]
        guard let output = try? directory.read("\(name).out"), output.contains("Slipway is ready."),
            let ssh = addresses?.split(separator: ":").last.flatMap({ UInt16($0) }),
            let health = lines.first(where: { $0.message == "health is listening" })?["port"].flatMap({ UInt16($0) })
        else { return nil }
        sshPort = ssh
        healthPort = health
    }

    // MARK: What it says

    /// What it printed.
    var output: String { (try? directory.read("\(name).out")) ?? "" }

    /// Its log so far.
    var log: [LogLine] { Self.lines(of: directory, name) }

    /// Its log as it is.
    var rawLog: String { (try? directory.read("\(name).log")) ?? "" }

    private static func lines(of directory: TemporaryDirectory, _ name: String) -> [LogLine] {
        let text = (try? directory.read("\(name).log")) ?? ""
        return text.split(separator: "\n").compactMap { LogLine($0) }
    }

    /// Waits for a line of the log.
    func logLine(
        _ message: String, within limit: Duration = .seconds(60), where matches: (LogLine) -> Bool = { _ in true }
    ) async throws -> LogLine {
        try await eventually("the log has “\(message)”", within: limit) {
            log.first { $0.message.contains(message) && matches($0) }
        }
    }

    /// Asks the health server; gives the HTTP status and the body.
    func get(_ path: String, host: String = "127.0.0.1") async throws -> (status: Int, body: String) {
        let address = "http://\(host):\(healthPort)\(path)"
        let result = try await Command("/usr/bin/curl", ["-s", "-m", "5", "-w", "\n%{http_code}", address]).run()
            .succeeded()
        let lines = result.text.split(separator: "\n", omittingEmptySubsequences: false)
        return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined(separator: "\n"))
    }

    /// The server's own resident memory in bytes, without its children.
    var residentMemory: Int {
        get throws {
            let status = String(decoding: try HostFile.read("/proc/\(process.id)/status"), as: UTF8.self)
            guard let found = status.firstMatch(of: /VmRSS:\s+(\d+) kB/), let count = Int(found.1) else {
                throw Failed("no VmRSS of \(process.id)")
            }
            return count * 1024
        }
    }

    // MARK: Ending

    /// Asks it to end, as an operator does, and waits.
    ///
    /// - Throws: ``Overdue`` if it still runs after `limit`.
    @discardableResult
    func stop(_ number: Int32 = SIGTERM, within limit: Duration = .seconds(30)) async throws -> ChildProcess.Ending {
        process.signal(number)
        return try await process.wait(within: limit)
    }
}
