/// A server with its users, from which most tests start.
///
/// Gone, with all its files, when this object is. `alice` may push every app unless the test says otherwise.
final class Site: Sendable {
    let directory: TemporaryDirectory
    let server: SlipwayServer
    private let keys: [String: TestKey]

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - users: Who may push which apps, in the words of the access file.
    ///   - flags: More flags for `slipway serve`, instead of the common ones where they are the same.
    ///   - prepare: What is to be done in the directory before the start.
    /// - Returns: The server's site, once it listens.
    /// - Throws: What went wrong with keys, files or the start.
    static func start(
        users: [String: [String]] = ["alice": ["*"]], _ flags: String...,
        prepare: (TemporaryDirectory) async throws -> Void = { _ in }
    ) async throws -> Site {
        try await start(users: users, flags: flags, prepare: prepare)
    }

    /// Starts a server with a list of flags.
    static func start(
        users: [String: [String]] = ["alice": ["*"]], flags: [String],
        prepare: (TemporaryDirectory) async throws -> Void = { _ in }
    ) async throws -> Site {
        let directory = try TemporaryDirectory()
        try await prepare(directory)
        try directory.makeDirectory("home")
        var keys: [String: TestKey] = [:]
        for user in users.keys { keys[user] = try await TestKey.make(user, in: directory) }
        try directory.write("access.yaml", Self.accessFile(users, keys))
        try await SharedHostKeys.shared.install(in: directory, data: "data")
        let server = try await SlipwayServer.start(in: directory, arguments: Self.flags(directory, flags))
        return Site(directory: directory, server: server, keys: keys)
    }

    /// Starts a server anew at the same site, where the first one has ended.
    func restarted(flags: [String]) async throws -> Site {
        let server = try await SlipwayServer.start(
            in: directory, name: "restarted", arguments: Self.flags(directory, flags))
        return Site(directory: directory, server: server, keys: keys)
    }

    private init(directory: TemporaryDirectory, server: SlipwayServer, keys: [String: TestKey]) {
        self.directory = directory
        self.server = server
        self.keys = keys
    }

    /// The flags of a server: those that every server of these tests has, unless `own` says otherwise, and `own`.
    static func flags(_ directory: TemporaryDirectory, _ own: [String] = []) -> [String] {
        let common = [
            "--ssh-port": "0", "--health-port": "0", "--data-dir": directory("data"),
            "--access-file": directory("access.yaml"), "--drain-delay": "0s", "--log-format": "json",
        ]
        // A flag that is given twice is an error.
        return own + common.filter { !own.contains($0.key) }.flatMap { [$0.key, $0.value] }
    }

    /// The text of an access file.
    static func accessFile(_ users: [String: [String]], _ keys: [String: TestKey]) -> String {
        let lines = users.sorted { $0.key < $1.key }.map { user, apps in
            "  \(user): {keys: [\"\(keys[user]?.line ?? "")\"], apps: [\(apps.map { "\"\($0)\"" }.joined(separator: ", "))]}"
        }
        return (["users:"] + lines).joined(separator: "\n") + "\n"
    }

    /// A user's key.
    func key(_ user: String = "alice") throws -> TestKey {
        guard let key = keys[user] else { throw Failed("the test has no user \(user)") }
        return key
    }

    /// A user's `ssh`.
    func ssh(_ user: String = "alice") throws -> SSHClient {
        SSHClient(key: try key(user), port: server.sshPort, directory: directory)
    }

    /// A new, empty repository of a user's, in a folder of the name.
    func git(_ name: String = "work", as user: String = "alice") async throws -> GitClient {
        try await GitClient.initialise(directory(name), ssh: ssh(user))
    }

    /// A repository of a user's that is there already, such as a clone.
    func clone(_ name: String, as user: String = "alice") throws -> GitClient {
        GitClient(directory: directory(name), ssh: try ssh(user))
    }

    /// The app's bare repository in the server's data folder.
    func repository(_ app: String) -> String { directory("data/repositories/\(app).git") }

    /// The refs of an app as the server has them: name and id.
    func refs(_ app: String) async throws -> [String: String] {
        let result = try await Command(
            "/usr/bin/git",
            ["-C", repository(app), "-c", "safe.directory=*", "for-each-ref", "--format=%(refname) %(objectname)"]
        ).run().succeeded()
        var refs: [String: String] = [:]
        for line in result.text.split(separator: "\n") {
            let words = line.split(separator: " ")
            refs[String(words[0])] = String(words[1])
        }
        return refs
    }
}
