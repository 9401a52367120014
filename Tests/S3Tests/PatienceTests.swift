import ObjectStorage
import Synchronization
import Testing

@testable import S3

/// The server's own limits, in half of their time.
@Suite("The server's patience", .serialized, .timeLimit(.minutes(10)))
struct PatienceTests {
    private static let limits = S3Limits.forPushes.scaled(by: 0.5)
    /// A whole part, and a bit.
    private static let content = FaultScope.pattern((8 << 20) + 12_345)

    @Test("what is small is given up in the time that pushers are promised, what is large bears three silences")
    func promises() {
        let limits = S3Limits.forPushes
        #expect(limits.small.attemptTime * 2 + limits.firstDelay + limits.lookTime <= .seconds(10))
        #expect(limits.small.totalTime + limits.small.attemptTime + limits.lookTime <= .seconds(10))
        #expect(limits.small.totalTime > limits.small.attemptTime && limits.small.attemptTime > limits.connectTime)
        #expect(limits.large.totalTime >= limits.idleTime * 3 && limits.large.totalTime > limits.maximumDelay)
        #expect(limits.completionIdleTime >= .seconds(60))
        #expect(limits.completion.totalTime >= limits.completionIdleTime * 2)
    }

    @Test(
        "only what gets through a line that is nearly full is small",
        arguments: [(1 << 10, true), (32 << 10, true), (256 << 10, false)])
    func kinds(size: Int, isSmall: Bool) {
        var request = S3Request(.putObject, "a")
        request.payload = S3Payload(String(repeating: "a", count: size))
        #expect(request.kind == (isSmall ? .small : .large))
        let seconds = S3Limits.forPushes.patience(for: request).attemptTime / .seconds(1)
        #expect(Double(size) / seconds <= Double(8 << 10), "bytes per second that it needs")
    }

    @Test("a small object is stored, described and read although the server was silent once each time")
    func small() async throws {
        let seen = Mutex(Set<Substring>())
        let plan: FaultProxy.Plan = { _, line in
            // The first one of each method.
            seen.withLock { $0.insert(line.prefix { $0 != " " }).inserted } ? .stallDown(after: 0) : .none
        }
        try await FaultScope.run(limits: Self.limits, faults: plan) { scope, key in
            let put = try await scope.store.put(key, bytes: [1, 2, 3])
            #expect(try await scope.store.head(key) == put)
            #expect(try await scope.store.getAll(key, limit: 3) == [1, 2, 3])
            #expect(seen.withLock { $0 } == ["PUT", "HEAD", "GET"])
        }
    }

    @Test("a small put to a silent server is looked for once at most, and not for as long as it was sent")
    func look() async throws {
        try await FaultScope.run(limits: Self.limits, faults: { _, _ in .stallDown(after: 0) }) { scope, key in
            await FaultScope.expect(.unresponsive, detail: ["PutObject"]) { try await scope.store.put(key, bytes: [1]) }
            #expect(scope.proxy.requests.filter { $0.hasPrefix("HEAD") }.count <= 1)
            #expect(scope.proxy.requests.filter { $0.hasPrefix("GET") }.isEmpty)
        }
    }

    @Test("a part is sent again after a silence, a listing asked for again, and a slow completion is waited for")
    func large() async throws {
        let parts = Mutex(0)
        let listings = Mutex(0)
        // Longer than other requests may be silent.
        let late = (Self.limits.idleTime + .milliseconds(700)) / .milliseconds(1)
        let plan: FaultProxy.Plan = { _, line in
            if line.contains("partNumber=1") {
                parts.withLock { $0 += 1 }
                return parts.withLock { $0 } == 1 ? .stallUp(after: 100_000) : .none
            }
            if line.contains("list-type=2") {
                listings.withLock { $0 += 1 }
                return listings.withLock { $0 } == 1 ? .stallDown(after: 0) : .none
            }
            return line.hasPrefix("POST") && line.contains("uploadId=") ? .lateDown(milliseconds: Int(late)) : .none
        }
        try await FaultScope.run(limits: Self.limits, faults: plan) { scope, key in
            let put = try await scope.store.put(key, bytes: Self.content)
            var found: [ObjectMetadata] = []
            for try await object in scope.store.list(prefix: key.rawValue) { found.append(object) }
            #expect(found.map(\.key) == [put.key])
            #expect(parts.withLock { $0 } == 2 && listings.withLock { $0 } == 2)
            let completions = scope.proxy.requests.filter { $0.hasPrefix("POST") && $0.contains("uploadId=") }
            #expect(completions.count == 1)
        }
    }

    @Test("a reset after more than the whole time is still no end: the part was slow, not silent")
    func slowReset() async throws {
        var limits = FaultScope.limits
        limits.large.totalTime = .milliseconds(1)
        let count = Mutex(0)
        let plan: FaultProxy.Plan = { _, line in
            guard line.contains("partNumber=1") else { return .none }
            return count.withLock { count in
                count += 1
                return count
            } == 1 ? .resetUp(after: 3 << 20) : .none
        }
        try await FaultScope.run(limits: limits, faults: plan) { scope, key in
            try await scope.store.put(key, bytes: Self.content)
            #expect(count.withLock { $0 } == 2)
        }
    }

    @Test("an upload that is completed later than its answer came is found, and not aborted")
    func lateEffect() async throws {
        var limits = FaultScope.limits
        limits.effectTime = .seconds(60)
        limits.attempts = 2
        let looks = Mutex(0)
        let plan: FaultProxy.Plan = { _, line in
            if line.hasPrefix("POST"), line.contains("uploadId=") { return .resetDown(after: 0) }
            guard line.hasPrefix("HEAD") else { return .none }
            let look = looks.withLock { looks in
                looks += 1
                return looks
            }
            return look <= 2 ? .status("404 Not Found") : .none
        }
        try await FaultScope.run(limits: limits, faults: plan) { scope, key in
            let put = try await scope.store.put(key, bytes: Self.content)
            await scope.store.cleaning.finish()
            #expect(!scope.proxy.requests.contains { $0.hasPrefix("DELETE") })
            #expect(looks.withLock { $0 } >= 3)
            let found = try await FaultScope.plain { store in try await store.head(key) }
            #expect(found == put)
        }
    }
}

extension S3Limits {
    /// The same, faster.
    fileprivate func scaled(by factor: Double) -> S3Limits {
        var limits = self
        for time in [
            \S3Limits.connectTime, \.idleTime, \.completionIdleTime, \.effectTime, \.lookTime, \.firstDelay,
            \.maximumDelay,
        ] {
            limits[keyPath: time] = limits[keyPath: time] * factor
        }
        for kind in [\S3Limits.small, \.large, \.completion] {
            limits[keyPath: kind].attemptTime = limits[keyPath: kind].attemptTime * factor
            limits[keyPath: kind].totalTime = limits[keyPath: kind].totalTime * factor
        }
        return limits
    }
}
