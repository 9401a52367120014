import Glibc
import Logging
import ObjectStorage
import S3
import SystemCalls

/// `slipway-bench-s3`: copies a file into a bucket or out of it, by the program's own client, as `aws s3 cp` does.
///
/// For `scripts/bench` alone, which runs it beside `aws s3 cp` and has it copy more than memory would hold.
@main
struct S3Copy {
    private static let usage = "usage: slipway-bench-s3 put|get ENDPOINT BUCKET KEY FILE [TIMES]\n"
    /// Bytes of one read of the file, as large as the pieces that a push's source comes in at most.
    private static let pieceSize = 256 << 10

    private let store: S3ObjectStore
    private let key: ObjectKey
    private let file: String

    /// Copies, and prints how much memory this process had before the copy and at most, in bytes.
    static func main() async {
        do {
            let words = Array(CommandLine.arguments.dropFirst())
            guard (5...6).contains(words.count), let times = words.count == 6 ? Int(words[5]) : 1, times > 0,
                ["put", "get"].contains(words[0])
            else { throw S3CopyError(usage) }
            let configuration = try S3Configuration(bucket: words[2], endpoint: words[1])
            let copy = S3Copy(
                store: try open(configuration), key: try ObjectKey(words[3]), file: words[4])
            let idle = try ProcessMemory.now()
            if words[0] == "put" { try await copy.put(times: times) } else { try await copy.get() }
            print("idle \(idle.resident) peak \(try ProcessMemory.now().highest)")
            await copy.store.shutdown()
        } catch {
            let detail = (error as? ObjectStoreError)?.detail ?? "\(error)"
            let line = Array("slipway-bench-s3: \(detail)\n".utf8)
            _ = unsafe write(STDERR_FILENO, line, line.count)
            exit(1)
        }
    }

    /// As `slipway serve` opens it, with keys from the environment.
    private static func open(_ configuration: S3Configuration) throws -> S3ObjectStore {
        var environment: [String: String] = [:]
        for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            environment[name] = unsafe getenv(name).map { unsafe String(cString: $0) }
        }
        let (connections, logger) = (try S3Connections(configuration), Logger(label: "s3"))
        let credentials = CredentialsChain(
            environment: environment, region: configuration.region, http: connections.usual, logger: logger)
        return S3ObjectStore(
            configuration: configuration, credentials: credentials, connections: connections, logger: logger)
    }

    /// Puts the file's content into the bucket, so many times one after the other as one object.
    private func put(times: Int) async throws {
        try await store.put(key, condition: .always) { writer in
            for _ in 0..<times {
                let source = try OwnedDescriptor.open(file.utf8, in: AT_FDCWD, flags: O_RDONLY)
                while case let bytes = try source.read(upTo: Self.pieceSize), !bytes.isEmpty {
                    try await writer.write(bytes)
                }
            }
        }
    }

    /// Writes the object to the file.
    private func get() async throws {
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        let target = try OwnedDescriptor.open(file.utf8, in: AT_FDCWD, flags: flags, mode: 0o600)
        for try await bytes in try await store.get(key, range: nil).body { try target.write(bytes) }
    }
}
