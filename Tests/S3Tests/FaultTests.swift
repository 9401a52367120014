import Foundation
import ObjectStorage
import TestSupport
import Testing

@testable import S3

@Suite("Faults on the way", .serialized, .timeLimit(.minutes(10)))
struct FaultTests {
    private static let content = FaultScope.pattern(300_000)

    @Test("a server that is not there is told apart at once, with what to check")
    func refused() async throws {
        let closed = ClosedPort()
        let port = closed.number
        var limits = FaultScope.limits
        limits.attempts = 3
        let configuration = try S3Configuration(
            bucket: "nowhere", endpoint: "http://127.0.0.1:\(port)", limits: limits)
        let key = try ObjectKey("a")
        let began = ContinuousClock.now
        try await TestServer.withStore(configuration) { store in
            let words = ["bucket nowhere", "key a", "PutObject", "http://127.0.0.1:\(port)", "tried 3 times"]
            await FaultScope.expect(.unreachable, detail: words) { try await store.put(key, bytes: [1]) }
            await FaultScope.expect(.unreachable) { _ = try await store.get(key, range: nil) }
            await FaultScope.expect(.unreachable) { _ = try await store.head(key) }
            await FaultScope.expect(.unreachable) { try await store.delete([key]) }
            await FaultScope.expect(.unreachable) { for try await _ in store.list(prefix: "") {} }
        }
        #expect(ContinuousClock.now - began < .seconds(60))
        withExtendedLifetime(closed) {}
    }

    @Test(
        "a put survives resets wherever they come in the request",
        arguments: [0, 1, 5, 100, 400, 700, 1000, 20_000, 150_000, 290_000, 300_000])
    func resetUp(after bytes: Int) async throws {
        try await FaultScope.run(faults: { number, _ in number < 2 ? .resetUp(after: bytes) : .none }) { scope, key in
            let put = try await scope.store.put(key, bytes: Self.content)
            #expect(put.size == 300_000)
            #expect(try await scope.store.getAll(key, limit: 300_000) == Self.content)
        }
    }

    @Test("a put survives resets wherever they come in the answer", arguments: [0, 1, 12, 60, 200, 400])
    func resetDown(after bytes: Int) async throws {
        try await FaultScope.run(faults: { number, _ in number < 2 ? .resetDown(after: bytes) : .none }) { scope, key in
            try await scope.store.put(key, bytes: Self.content)
            #expect(try await scope.store.getAll(key, limit: 300_000) == Self.content)
        }
    }

    @Test(
        "a get goes on where its connection was reset or ended",
        arguments: [0, 1, 100, 500, 700, 5_000, 66_000, 131_072, 200_000, 299_999, 300_200], [true, false])
    func getResumes(after bytes: Int, isReset: Bool) async throws {
        try await FaultScope.plain { store in
            let key = try ObjectKey("faults/resumed-\(bytes)-\(isReset)")
            try await store.put(key, bytes: Self.content)
            let fault: Fault = isReset ? .resetDown(after: bytes) : .cutDown(after: bytes)
            try await FaultScope.run(faults: { number, _ in number < 2 ? fault : .none }) { scope, _ in
                #expect(try await scope.store.getAll(key, limit: 300_000) == Self.content)
                var part: [UInt8] = []
                for try await chunk in try await scope.store.get(key, range: 1000..<250_000).body { part += chunk }
                #expect(part == Array(Self.content[1000..<250_000]))
                #expect(scope.proxy.requests.count > 2)
            }
        }
    }

    @Test("a get that makes some progress each time arrives, one that makes none fails")
    func progress() async throws {
        try await FaultScope.plain { store in
            let key = try ObjectKey("faults/progress")
            try await store.put(key, bytes: Self.content)
            try await FaultScope.run(faults: { _, _ in .cutDown(after: 20_000) }) { scope, _ in
                let read = try await scope.store.getAll(key, limit: 300_000)
                #expect(read == Self.content)
                #expect(scope.proxy.requests.count >= 15)
            }
            // Only heads come through.
            try await FaultScope.run(faults: { number, _ in .cutDown(after: number == 0 ? 100_000 : 300) }) {
                scope, _ in
                await FaultScope.expect(.unreachable, detail: ["GetObject"]) {
                    _ = try await scope.store.getAll(key, limit: 300_000)
                }
            }
        }
    }

    @Test("an object that changes while it is read again is no mixture but an error")
    func changed() async throws {
        try await FaultScope.plain { plain in
            try await FaultScope.run(faults: { number, _ in number == 0 ? .cutDown(after: 150_000) : .none }) {
                scope, key in
                try await plain.put(key, bytes: Self.content)
                var read = 0
                await FaultScope.expect(.conditionFailed) {
                    let object = try await scope.store.get(key, range: nil)
                    try await plain.put(key, bytes: Self.content.reversed())
                    for try await chunk in object.body { read += chunk.count }
                }
                #expect(read < 150_000)
            }
        }
    }

    @Test("a silent server is given up after the limit, and asked again", arguments: [0, 50, 20_000])
    func stall(after bytes: Int) async throws {
        let plan: FaultProxy.Plan = { number, _ in
            switch number {
            case 0: .stallUp(after: bytes + 1)
            case 1, 3: .stallDown(after: bytes)
            default: .none
            }
        }
        var limits = FaultScope.limits
        limits.idleTime = .seconds(1)
        // A busy machine may look like a silent server.
        limits.attempts = 20
        try await FaultScope.run(limits: limits, faults: plan) { scope, key in
            try await scope.store.put(key, bytes: Self.content)
            #expect(try await scope.store.getAll(key, limit: 300_000) == Self.content)
            #expect(scope.proxy.requests.count > 4)
        }
    }

    @Test("a server that never answers has its own kind")
    func silence() async throws {
        var limits = FaultScope.limits
        limits.attempts = 2
        limits.idleTime = .milliseconds(300)
        try await FaultScope.run(limits: limits, faults: { _, _ in .stallDown(after: 0) }) { scope, key in
            await FaultScope.expect(.unresponsive, detail: ["tried 2 times"]) { _ = try await scope.store.head(key) }
        }
    }

    @Test("a slow server is waited for")
    func slow() async throws {
        try await FaultScope.run(faults: { _, _ in .slowDown(bytesPerSecond: 400_000) }) { scope, key in
            try await scope.store.put(key, bytes: Self.content)
            #expect(try await scope.store.getAll(key, limit: 300_000) == Self.content)
            #expect(scope.proxy.requests.count <= 3)
        }
    }

    @Test("a total limit ends all attempts")
    func total() async throws {
        var limits = FaultScope.limits
        limits.attempts = 1000
        limits.small.totalTime = .milliseconds(300)
        limits.firstDelay = .milliseconds(50)
        let began = ContinuousClock.now
        try await FaultScope.run(limits: limits, faults: { _, _ in .resetUp(after: 0) }) { scope, key in
            await FaultScope.expect(.unreachable) { _ = try await scope.store.head(key) }
        }
        #expect(ContinuousClock.now - began < .seconds(60))
    }
}
