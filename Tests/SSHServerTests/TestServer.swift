import Health
import Logging
import MetricsTestKit
import ServiceLifecycle
import Testing

@testable import SSHServer

/// A server in this process, with one user "alice" who may log in.
struct TestServer: Sendable {
    let port: UInt16
    let scratch: Scratch
    let keys: KnownKeys
    let handler: ScriptedHandler
    let circuit: Circuit
    let drain: DrainState
    let heartbeat: Heartbeat
    let metrics: TestMetrics
    let log: RecordingLog
    let ownDials: OwnDials
    let dialTarget: DialTarget
    /// How full the server is.
    let slots: @Sendable () -> ConnectionSlots
    /// The server has ended, after a shutdown.
    var hasStopped: Bool { log.lines.contains { $0.contains("ssh has stopped") } }
    /// Begins a graceful shutdown.
    let shutDown: @Sendable () async -> Void
    /// Alice.
    let client: SSHClient

    /// Runs a server as configured by default for the time of `body`.
    static func run(_ body: (TestServer) async throws -> Void) async throws {
        try await run(with: { _ in }, body)
    }

    /// Runs a server for the time of `body`, then ends it the hard way.
    ///
    /// - Parameters:
    ///   - adjust: Changes the configuration.
    ///   - body: Gets the server once it listens.
    /// - Throws: What `body` throws, or what keeps the server from starting.
    static func run(
        with adjust: (inout SSHServerConfiguration) -> Void, _ body: (TestServer) async throws -> Void
    ) async throws {
        await Turns.shared.take()
        do {
            try await runNow(with: adjust, body)
        } catch {
            await Turns.shared.giveBack()
            throw error
        }
        await Turns.shared.giveBack()
    }

    private static func runNow(
        with adjust: (inout SSHServerConfiguration) -> Void, _ body: (TestServer) async throws -> Void
    ) async throws {
        let scratch = try Scratch()
        let (keys, handler, circuit, log) = (KnownKeys(), ScriptedHandler(), Circuit(), RecordingLog())
        let (drain, heartbeat, metrics) = (
            DrainState(runningPushes: { 0 }), Heartbeat(name: Heartbeat.acceptorName), TestMetrics()
        )
        let key = try await TestKey(in: scratch)
        keys.add(key, as: "alice")
        var configuration = SSHServerConfiguration.forTests
        adjust(&configuration)
        let (listening, isListening) = AsyncStream<UInt16>.makeStream()
        let server = try SSHServer(
            configuration: configuration, hostKeys: SharedHostKeys.keys.get(), authenticator: keys, handler: handler,
            circuit: circuit, drain: drain, heartbeat: heartbeat, metrics: metrics, logger: log.logger,
            onListening: { isListening.yield($0) })
        let group = ServiceGroup(services: [server], logger: Logger(label: "group") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { isListening.finish() }
                try await group.run()
            }
            for await port in listening {
                let client = SSHClient(port: port, scratch: scratch, keys: [key.path])
                let subject = TestServer(
                    port: port, scratch: scratch, keys: keys, handler: handler, circuit: circuit, drain: drain,
                    heartbeat: heartbeat, metrics: metrics, log: log, ownDials: server.ownDials,
                    dialTarget: server.dialTarget,
                    slots: { server.slots },
                    shutDown: { await group.triggerGracefulShutdown() }, client: client)
                do {
                    try await body(subject)
                } catch {
                    Issue.record("\(error)\nlog:\n\(log.lines.suffix(30).joined(separator: "\n"))")
                }
                tasks.cancelAll()
                break
            }
            // A group that is cancelled throws that; why it did not start matters.
            do { try await tasks.waitForAll() } catch is CancellationError {}
        }
    }

    /// The sum of a counter's series that have these dimensions.
    func counted(_ name: String, _ dimensions: [(String, String)] = []) -> Int64 {
        metrics.counterTotal(label: "slipway_ssh_\(name)_total", dimensions: dimensions)
    }

    /// What a gauge was set to last.
    func gauge(_ name: String, _ dimensions: [(String, String)] = []) -> Double? {
        metrics.meters(label: "slipway_ssh_\(name)", dimensions: dimensions).first?.values.last
    }
}
