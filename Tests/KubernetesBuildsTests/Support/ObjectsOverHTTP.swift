import Logging
import NIOPosix
import ObjectServer
import ObjectStorage
import Synchronization
import TestSupport

/// A directory as an object store whose signed URLs work while a test runs.
struct ObjectsOverHTTP {
    let directory: TemporaryDirectory
    let store: FileObjectStore

    /// Runs a test with one.
    ///
    /// - Parameters:
    ///   - address: Where pods, or the test itself, reach it.
    ///   - body: The test.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    static func with<Result>(
        address: String = "127.0.0.1", _ body: (ObjectsOverHTTP) async throws -> Result
    ) async throws -> Result {
        let directory = try TemporaryDirectory()
        let port = Mutex<UInt16>(0)
        let secret = (0..<32).map { UInt8($0) }
        let server = ObjectServer(
            addresses: [address], port: 0, store: try FileObjectStore(root: directory("store"), pool: .singleton),
            signer: try ObjectURLSigner(base: "", secret: secret), maximumSize: 1 << 30,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onListening: { bound in port.withLock { $0 = bound } })
        let serving = Task { try await server.run() }
        let result: Swift.Result<Result, any Error>
        do {
            try await eventually("a port") { port.withLock { $0 } != 0 }
            let signer = try ObjectURLSigner(
                base: "http://\(address):\(port.withLock { $0 })/objects", secret: secret)
            let store = try FileObjectStore(root: directory("store"), pool: .singleton, urls: signer)
            result = .success(try await body(ObjectsOverHTTP(directory: directory, store: store)))
        } catch {
            result = .failure(error)
        }
        serving.cancel()
        _ = await serving.result
        return try result.get()
    }
}
