import Identifiers
import Logging
import MetricsTestKit
import ObjectStorage
import Synchronization
import TestSupport
import Testing

@testable import Retention

@Suite("Sweeping in the background", .timeLimit(.minutes(5))) struct ServiceTests {
    let store: TestStore
    let factory = TestMetrics()
    let log = RecordingLog(level: .info)

    init() throws { store = try TestStore() }

    /// Runs the service through some sweeps; `between` comes in place of each wait.
    private func run(
        _ sweeps: Int, between: @escaping @Sendable (Int) async throws -> Void = { _ in }
    ) async -> [Duration] {
        let waits = Mutex<[Duration]>([])
        let sweeper = store.sweeper(.small, metrics: RetentionMetrics(factory: factory), logger: log.logger)
        let service = RetentionService(sweeper: sweeper, interval: .seconds(3600), logger: log.logger) { wait in
            let count = waits.withLock { waits in
                waits.append(wait)
                return waits.count
            }
            if count > sweeps { throw CancellationError() }
            try await between(count)
        }
        await service.run()
        return waits.withLock { $0 }
    }

    private func runs(_ result: String) throws -> Int64 {
        try factory.expectCounter("slipway_sweep_runs_total", [("result", result)]).totalValue
    }

    @Test("the first sweep is minutes after the start, the others an hour apart, give or take")
    func times() async throws {
        let waits = await run(3)
        #expect(waits.count == 4)
        #expect((.seconds(270)...(.seconds(330))).contains(waits[0]))
        for wait in waits.dropFirst() { #expect((.seconds(3240)...(.seconds(3960))).contains(wait)) }
        #expect(Set(waits).count == 4)
        #expect(try runs("ok") == 3 && runs("failed") == 0)
    }

    @Test("what goes is counted, and logged in one line; what changes nothing is not")
    func counts() async throws {
        try await store.addBuilds(days: 40, 30, 20)
        _ = await run(3)
        #expect(try factory.expectCounter("slipway_sweep_deleted_objects_total").totalValue == 3)
        #expect(try factory.expectCounter("slipway_sweep_deleted_bytes_total").totalValue > 100)
        #expect(try factory.expectTimer("slipway_sweep_duration_seconds").values.count == 3)
        #expect(log.lines.count == 1)
        #expect(log.lines.first?.hasPrefix("notice: old builds swept | abandoned=0 | apps=1 | builds=1 |") == true)
    }

    @Test("a failure is one line and one count, and the next sweep is in its time")
    func failure() async throws {
        try await store.addBuilds(days: 40, 30, 20)
        _ = await run(2) { [store] count in
            guard count == 1 else { return store.intercept(nil) }
            store.intercept { _ in throw ObjectStoreError(.unreachable, .delete, nil, detail: "refused") }
        }
        #expect(try runs("ok") == 1 && runs("failed") == 1)
        #expect(log.lines.count == 2)
        #expect(log.lines.first?.hasPrefix("error: old builds could not be swept; the next try is in") == true)
        #expect(log.lines.first?.contains("detail=refused") == true)
        #expect(try await store.builds().count == 2)
    }

    @Test("a shutdown in the middle of a sweep is no failure")
    func shutdown() async throws {
        try await store.addBuilds(days: 40, 30, 20)
        let service = Task {
            await run(5) { [store] _ in store.intercept { _ in unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } } }
        }
        #expect(await service.value.count == 1)
        #expect(try runs("failed") == 0)
        #expect(log.lines.isEmpty)
    }

    @Test("every series is there from the start, at zero")
    func series() async throws {
        _ = RetentionMetrics(factory: factory)
        #expect(factory.counters.count == 4)
        #expect(factory.counters.allSatisfy { $0.totalValue == 0 })
    }
}
