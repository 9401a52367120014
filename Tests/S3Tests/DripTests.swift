import ObjectStorage
import Synchronization
import Testing

@testable import S3

/// A server that is never silent for long, and never done.
@Suite("Answers that come byte by byte", .serialized, .timeLimit(.minutes(10)))
struct DripTests {
    /// So that whole answers would take minutes.
    private static let drip = Fault.dripDown(milliseconds: 500)

    /// Limits of time are short, that of silence is not.
    private static var limits: S3Limits {
        var limits = FaultScope.limits
        limits.attempts = 2
        limits.small.attemptTime = .seconds(3)
        limits.large.attemptTime = .seconds(3)
        limits.slowTime = .seconds(1)
        return limits
    }

    /// Lets the first request with a method through the faulty way, and others through the good one.
    private static func once(_ method: String) -> FaultProxy.Plan {
        let count = Mutex(0)
        return { _, line in
            guard line.hasPrefix(method) else { return .none }
            return count.withLock { count in
                count += 1
                return count
            } == 1 ? drip : .none
        }
    }

    @Test("a listing is given up in time, and one that drips once only arrives")
    func listing() async throws {
        try await FaultScope.run(limits: Self.limits, faults: { _, _ in Self.drip }) { scope, key in
            await FaultScope.expect(.unresponsive, detail: ["ListObjectsV2", "tried 2 times", "not complete after"]) {
                for try await _ in scope.store.list(prefix: key.rawValue) {}
            }
        }
        try await FaultScope.run(limits: Self.limits, faults: Self.once("GET")) { scope, key in
            try await scope.store.put(key, bytes: [1])
            var found: [ObjectKey] = []
            for try await object in scope.store.list(prefix: key.rawValue) { found.append(object.key) }
            #expect(found == [key] && scope.proxy.requests.filter { $0.hasPrefix("GET") }.count == 2)
        }
    }

    @Test("the words of a refusal are given up in time")
    func refusal() async throws {
        try await FaultScope.run(limits: Self.limits, faults: { _, _ in Self.drip }) { scope, key in
            await FaultScope.expect(.unresponsive, detail: ["GetObject", "tried 2 times"]) {
                _ = try await scope.store.get(key, range: nil)
            }
        }
    }

    @Test("an object is given up in time, and one that drips once only is read on")
    func object() async throws {
        let content = FaultScope.pattern(300_000)
        let key = try ObjectKey("faults/drip")
        _ = try await FaultScope.plain { store in try await store.put(key, bytes: content) }
        try await FaultScope.run(limits: Self.limits, faults: { _, _ in Self.drip }) { scope, _ in
            await FaultScope.expect(.unresponsive, detail: ["GetObject", "bytes per second"]) {
                _ = try await scope.store.getAll(key, limit: content.count)
            }
            #expect(scope.proxy.requests.count == 2)
        }
        try await FaultScope.run(limits: Self.limits, faults: Self.once("GET")) { scope, _ in
            let read = try await scope.store.getAll(key, limit: content.count)
            #expect(read == content)
            #expect(scope.proxy.requests.count == 2)
        }
    }

    @Test("only what was waited counts for the pace, and good times make up for slow ones")
    func pace() {
        var limits = S3Limits()
        limits.slowTime = .seconds(10)
        limits.minimumRate = 100
        var pace = ReadingPace()
        for _ in 0..<9 {
            let isSlow = pace.isTooSlow(1, in: .seconds(1), limits)
            #expect(!isSlow)
        }
        let isSlow = pace.isTooSlow(1, in: .seconds(1), limits)
        #expect(isSlow && pace.slowTimes == 1)
        let isSlowAgain = pace.isTooSlow(999, in: .seconds(10), limits)
        #expect(isSlowAgain && pace.slowTimes == 2)
        let isStillSlow = pace.isTooSlow(1000, in: .seconds(10), limits)
        #expect(!isStillSlow && pace.slowTimes == 0)
    }
}
