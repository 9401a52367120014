import Glibc

/// A server that is started through another program, such as one that hides a tool from it or gives it a terminal.
///
/// Gone, with all its files, when this object is.
final class WrappedSite: Sendable {
    let directory: TemporaryDirectory
    let process: ChildProcess
    let ssh: SSHClient

    /// Starts a server that `alice` may push every app to.
    ///
    /// - Parameters:
    ///   - environment: Added to the server's.
    ///   - flags: For `slipway serve`; they win over those that all servers of these tests have.
    ///   - wrap: Makes the command that runs the server of the server's own.
    /// - Returns: The server, once it listens.
    /// - Throws: ``Failed`` with what it said, if it did not start.
    static func start(
        environment: [String: String] = [:], _ flags: String..., wrap: ([String]) -> [String] = { $0 }
    ) async throws -> WrappedSite {
        let directory = try TemporaryDirectory()
        try directory.makeDirectory("home")
        let key = try await TestKey.make("alice", in: directory)
        try directory.write("access.yaml", Site.accessFile(["alice": ["*"]], ["alice": key]))
        try await SharedHostKeys.shared.install(in: directory, data: "data")
        let words = try wrap([SlipwayProgram.path, "serve"] + Site.flags(directory, flags))
        let process = try ChildProcess(
            words[0], Array(words.dropFirst()), environment: Command.cleanEnvironment.merging(environment) { $1 },
            directory: directory.path, output: directory("server.out"), errors: directory("server.log"))
        let port = try await eventually("slipway serves", within: .seconds(30)) {
            if let ending = process.ending {
                throw Failed("\(ending): \(try directory.read("server.out")) \(try directory.read("server.log"))")
            }
            let announced = try directory.read("server.out").firstMatch(of: /ssh:\/\/\S*:(\d+)\/APP/)
            return announced.flatMap { UInt16($0.1) }
        }
        return WrappedSite(
            directory: directory, process: process, ssh: SSHClient(key: key, port: port, directory: directory))
    }

    private init(directory: TemporaryDirectory, process: ChildProcess, ssh: SSHClient) {
        self.directory = directory
        self.process = process
        self.ssh = ssh
    }

    /// What the server wrote to standard output and standard error.
    var text: String {
        ["server.out", "server.log"].map { (try? directory.read($0)) ?? "" }.joined(separator: "\n")
    }

    /// What the server keeps of an app's builds.
    func builds(of app: String) -> StoredBuilds { StoredBuilds(directory: directory, app: app) }

    /// A new, empty repository.
    func git(_ name: String = "work") async throws -> GitClient {
        try await GitClient.initialise(directory(name), ssh: ssh)
    }

    /// Makes a command run where there are no programs of these names.
    ///
    /// In a mount namespace of its own, what is not executable lies over them; this takes root.
    static func without(_ programs: String...) -> @Sendable ([String]) -> [String] {
        let paths = programs.flatMap { name in ["/usr/bin/", "/usr/sbin/", "/usr/local/bin/"].map { $0 + name } }
        let covers = paths.filter(HostFile.exists).map { "mount --bind /dev/null \($0) && " }.joined()
        return { ["/usr/bin/unshare", "--mount", "--", "/bin/sh", "-c", covers + "exec \"$@\"", "sh"] + $0 }
    }
}
