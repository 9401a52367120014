import Logging
import ObjectStorage
import Synchronization
import TestSupport
import Testing

@testable import Retention

@Suite("Interrupted uploads, in the background", .timeLimit(.minutes(5))) struct StaleUploadsTests {
    let log = RecordingLog(level: .info)

    /// Runs the service through some looks, which find and do what `remove` says.
    private func run(
        _ looks: Int, _ remove: @escaping @Sendable (Int, Duration) throws -> Int
    ) async -> [Duration] {
        let waits = Mutex<[Duration]>([])
        let uploads = StaleUploads(
            age: .seconds(5400), interval: .seconds(3600), logger: log.logger,
            sleep: { wait in
                let count = waits.withLock { waits in
                    waits.append(wait)
                    return waits.count
                }
                if count > looks { throw CancellationError() }
            },
            remove: { age in try remove(waits.withLock { $0.count }, age) })
        await uploads.run()
        return waits.withLock { $0 }
    }

    @Test("it looks an interval apart, give or take, never at the start, and tells of what went alone")
    func times() async {
        let ages = Mutex<[Duration]>([])
        let waits = await run(3) { look, age in
            ages.withLock { $0.append(age) }
            return look == 2 ? 4 : 0
        }
        #expect(waits.count == 4 && Set(waits).count == 4)
        for wait in waits { #expect((.seconds(3240)...(.seconds(3960))).contains(wait)) }
        #expect(ages.withLock { $0 } == [.seconds(5400), .seconds(5400), .seconds(5400)])
        #expect(log.lines == ["notice: interrupted uploads removed | uploads=4"])
    }

    @Test("a failure is one line with what the server said, and the next look is in its time")
    func failure() async {
        let waits = await run(2) { look, _ in
            if look == 1 { throw ObjectStoreError(.notAllowed, .list, nil, detail: "403 AccessDenied") }
            return 1
        }
        #expect(waits.count == 3 && log.lines.count == 2)
        #expect(log.lines.first?.hasPrefix("error: interrupted uploads could not be removed; the next try") == true)
        #expect(log.lines.first?.contains("detail=403 AccessDenied") == true)
    }

    @Test("a shutdown in the middle is no failure")
    func shutdown() async {
        let service = Task {
            await run(5) { _, _ in
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                throw CancellationError()
            }
        }
        #expect(await service.value.count == 1)
        #expect(log.lines.isEmpty)
    }
}
