import Glibc
import Synchronization

/// A real S3 server of one test, SeaweedFS, that the test can stop, stall and start again.
final class S3Server: Sendable {
    /// Keys, of which the server knows one at a time.
    enum Keys: String, Sendable {
        case first = "cikey/cisecretcisecret"
        case rotated = "newkey/newsecretnewsecret"

        var parts: (access: String, secret: String) {
            let parts = rawValue.split(separator: "/").map(String.init)
            return (parts[0], parts[1])
        }
    }

    static let bucket = "slipway"
    /// The server and its parts listen on as many ports, one after the other.
    private static let portsTaken = 8

    let port: Int
    private let directory: TemporaryDirectory
    private let process = Mutex<ChildProcess?>(nil)

    /// Starts it, with an empty store.
    static func start(in directory: TemporaryDirectory) async throws -> S3Server {
        let server = S3Server(directory: directory, port: try FreePorts.first(of: portsTaken))
        try directory.makeDirectory("s3")
        try directory.makeDirectory("s3-keys")
        try server.know(.first)
        try server.use(.first)
        try await server.start()
        return server
    }

    private init(directory: TemporaryDirectory, port: Int) {
        self.directory = directory
        self.port = port
    }

    /// The flags of a server whose objects go there.
    ///
    /// - Parameter port: Of a proxy; the server's own when nil.
    /// - Returns: Flags of `slipway serve`.
    func flags(through port: Int? = nil) -> [String] {
        [
            "--storage", "s3", "--s3-bucket", Self.bucket, "--s3-endpoint", "http://127.0.0.1:\(port ?? self.port)",
            "--s3-credentials-dir", directory("s3-keys"),
        ]
    }

    /// Gives the builder other keys, as a rotated Secret does.
    func use(_ keys: Keys) throws {
        for (name, value) in [("access-key-id", keys.parts.access), ("secret-access-key", keys.parts.secret)] {
            try directory.write("s3-keys/.\(name)", value + "\n")
            guard unsafe rename(directory("s3-keys/.\(name)"), directory("s3-keys/\(name)")) == 0 else {
                throw Failed("rename: error \(errno)")
            }
        }
    }

    /// Makes the server know these keys alone, from its next start on.
    func know(_ keys: Keys) throws {
        try directory.write(
            "s3.json",
            """
            {"identities": [{"name": "ci", "actions": ["Admin", "Read", "List", "Tagging", "Write"],
              "credentials": [{"accessKey": "\(keys.parts.access)", "secretKey": "\(keys.parts.secret)"}]}]}
            """)
    }

    /// Starts it, or starts it again on what it has stored.
    func start() async throws {
        let arguments = [
            "server", "-dir=\(directory("s3"))", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.port=\(port + 1)",
            "-volume.port=\(port + 2)", "-filer.port=\(port + 3)", "-master.port.grpc=\(port + 4)",
            "-volume.port.grpc=\(port + 5)", "-filer.port.grpc=\(port + 6)", "-s3", "-s3.port=\(port)",
            "-s3.port.grpc=\(port + 7)", "-s3.config=\(directory("s3.json"))", "-s3.port.iceberg=0", "-s3.port.lance=0",
            "-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-volume.max=50", "-volume.preStopSeconds=0",
        ]
        let started = try ChildProcess(
            try Self.program, arguments, environment: Command.cleanEnvironment, output: directory("weed.log"))
        process.withLock { $0 = started }
        try await eventually("the S3 server is there", within: .seconds(60)) {
            if let ending = started.ending { throw Failed("weed: \(ending) \(try directory.read("weed.log"))") }
            // The S3 port opens before the store behind it is ready.
            let (front, back) = ("http://127.0.0.1:\(port)/status", "http://127.0.0.1:\(port + 1)/dir/assign")
            guard try await Command("/usr/bin/curl", ["-sfm2", "-o", "/dev/null", front]).run().status == 0 else {
                return false
            }
            return try await Command("/usr/bin/curl", ["-sm2", back]).run().text.contains("\"fid\"")
        }
    }

    /// Ends it at once.
    func stop() {
        process.withLock { running in
            running?.signalGroup(SIGKILL)
            running?.waitBlocking()
            running = nil
        }
    }

    /// Makes it stand still: connections come about, and nothing answers.
    func stall() { signal(SIGSTOP) }

    /// Lets it go on.
    func resume() { signal(SIGCONT) }

    private func signal(_ number: Int32) {
        process.withLock { running in _ = running?.signalGroup(number) }
    }

    /// From the place that `scripts/test` installs it in, or from PATH.
    private static var program: String {
        get throws {
            let root = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
            let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
            let places = [root + "/.build/test-tools/s3/bin"] + path.split(separator: ":").map(String.init)
            guard let place = places.first(where: { unsafe access($0 + "/weed", X_OK) == 0 }) else {
                throw Failed("weed was not found: scripts/test installs it, or put it on PATH")
            }
            return place + "/weed"
        }
    }
}
