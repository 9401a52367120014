import Logging
import ServiceLifecycle
import Synchronization

@testable import HealthServer

/// The real server on a port that the kernel chose.
struct TestServer: Sendable {
    let board: TestBoard
    let status: TestStatus
    let port: UInt16

    /// Runs a test against a server.
    ///
    /// - Parameters:
    ///   - limits: Time limits, where the test waits for one to pass.
    ///   - body: The test.
    /// - Returns: What the test returns.
    /// - Throws: What the test throws, or why the server could not run or end.
    static func run<Result: Sendable>(
        limits: ConnectionLimits = ConnectionLimits(), _ body: @Sendable (TestServer) async throws -> Result
    ) async throws -> Result {
        let board = TestBoard()
        let status = TestStatus()
        let (ports, port) = AsyncStream.makeStream(of: UInt16.self)
        var server = HealthServer(
            addresses: ["127.0.0.1"], port: 0, board: board, status: status, metrics: { Array("up 1\n".utf8) },
            logger: Logger(label: "test") { _ in PortLog(port: port) })
        server.limits = limits
        let services = ServiceGroup(
            configuration: .init(
                services: [server],
                logger: Logger(label: "quiet") { _ in
                    SwiftLogNoOpLogHandler()
                }))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            var iterator = ports.makeAsyncIterator()
            guard let number = await iterator.next() else { throw TestServerError.neverListened }
            let result = try await body(TestServer(board: board, status: status, port: number))
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
            return result
        }
    }

    /// Asks once on a new connection.
    func get(_ path: String, method: String = "GET", fields: [String] = []) async throws -> RawResponse {
        try await onThread { [port] in
            let client = try RawClient(port: port)
            try client.ask(path, method: method, fields: fields)
            return try client.response(hasBody: method != "HEAD")
        }
    }
}

enum TestServerError: Error { case neverListened }
