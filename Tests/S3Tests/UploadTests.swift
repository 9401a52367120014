import Foundation
import ObjectStorage
import Synchronization
import TestSupport
import Testing

@testable import S3

@Suite("Uploads", .serialized, .timeLimit(.minutes(10)))
struct UploadTests {
    /// Two whole parts and a bit.
    private static let content = FaultScope.pattern((10 << 20) + 12_345)

    private func put(
        _ scope: FaultScope, _ key: ObjectKey, _ condition: PutCondition = .always
    ) async throws -> ObjectMetadata {
        try await scope.store.put(key, condition: condition) { writer in
            for start in stride(from: 0, to: Self.content.count, by: 700_001) {
                try await writer.write(Array(Self.content[start..<min(start + 700_001, Self.content.count)]))
            }
        }
    }

    /// Uploads of a key that nobody completed or aborted.
    private func leftovers(_ key: ObjectKey) async throws -> Int {
        try await FaultScope.plain { store in
            var request = S3Request(.listUploads, nil)
            request.query = [("uploads", ""), ("prefix", key.rawValue)]
            let document = try await store.client.send(request) { response in try await response.document() }
            return document.all("Upload").filter { $0.text(of: "Key") == key.rawValue }.count
        }
    }

    private func expectContent(_ key: ObjectKey) async throws {
        try await FaultScope.plain { store in
            let read = try await store.getAll(key, limit: Self.content.count)
            #expect(read == Self.content)
        }
    }

    @Test("more than one part is sent in parts, and what was sent comes back", arguments: [0, 1, 2])
    func parts(extra: Int) async throws {
        try await FaultScope.run(faults: { _, _ in .none }) { scope, key in
            // Exactly one part is one request still.
            let size = (5 << 20) - 1 + extra
            let content = FaultScope.pattern(size)
            let put = try await scope.store.put(key, bytes: content)
            #expect(put.size == Int64(size) && put.etag.contains("-") == (extra == 2))
            #expect(try await scope.store.head(key) == put)
            #expect(try await scope.store.getAll(key, limit: size) == content)
            #expect(scope.proxy.requests.contains { $0.contains("partNumber=2") } == (extra == 2))
        }
    }

    @Test(
        "parts survive resets, and answers that are lost",
        arguments: ["uploads=", "partNumber=1", "partNumber=3", "POST /faults/faults"],
        [Fault.resetUp(after: 0), .resetUp(after: 700), .resetDown(after: 0), .resetDown(after: 100)])
    func lost(request text: String, fault: Fault) async throws {
        let count = Mutex(0)
        let plan: FaultProxy.Plan = { _, line in
            let isIt = line.contains(text) && (text != "POST /faults/faults" || line.contains("uploadId="))
            return isIt
                && count.withLock { count in
                    count += 1; return count <= 2
                } ? fault : .none
        }
        try await FaultScope.run(faults: plan) { scope, key in
            let put = try await self.put(scope, key, .ifAbsent)
            #expect(try await scope.store.head(key) == put)
            try await self.expectContent(key)
            #expect(count.withLock { $0 } > 1)
        }
    }

    @Test(
        "an upload that fails leaves no object and no parts",
        arguments: ["partNumber=1", "partNumber=2", "partNumber=3", "uploadId="], [true, false])
    func failing(request text: String, isRefusal: Bool) async throws {
        let refusal = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        let fault: Fault = isRefusal ? .answer(refusal) : .resetUp(after: 300)
        let plan: FaultProxy.Plan = { _, line in
            line.contains(text) && !line.hasPrefix("DELETE") ? fault : .none
        }
        try await FaultScope.run(faults: plan) { scope, key in
            await FaultScope.expect(isRefusal ? .notAllowed : .unreachable) { _ = try await self.put(scope, key) }
            await scope.store.cleaning.finish()
            #expect(try await self.leftovers(key) == 0)
            try await FaultScope.plain { store in
                let found = try await store.head(key)
                #expect(found == nil)
            }
        }
    }

    @Test("a put that is cancelled while parts are on their way ends at once and leaves none")
    func cancelled() async throws {
        let (reached, continuation) = AsyncStream.makeStream(of: Void.self)
        let plan: FaultProxy.Plan = { _, line in
            guard line.contains("partNumber=2") else { return .none }
            continuation.finish()
            return .stallUp(after: 100_000)
        }
        try await FaultScope.run(faults: plan) { scope, key in
            let put = Task { try await self.put(scope, key) }
            for await _ in reached {}
            let began = ContinuousClock.now
            put.cancel()
            await #expect(throws: CancellationError.self) { try await put.value }
            #expect(ContinuousClock.now - began < .seconds(10))
            await scope.store.cleaning.finish()
            let count = try await self.leftovers(key)
            #expect(count == 0)
        }
    }

    @Test("shutting down waits for the cleaning up, but not for ever")
    func shutdown() async throws {
        var limits = FaultScope.limits
        limits.cleanUpTime = .milliseconds(500)
        let plan: FaultProxy.Plan = { _, line in
            line.hasPrefix("DELETE") ? .stallDown(after: 0) : line.contains("partNumber=3") ? .status("403 No") : .none
        }
        try await FaultScope.run(limits: limits, faults: plan) { scope, key in
            await FaultScope.expect(.notAllowed) { _ = try await self.put(scope, key) }
            let began = ContinuousClock.now
            await scope.store.shutdown()
            #expect(ContinuousClock.now - began < .seconds(15))
            #expect(scope.proxy.requests.contains { $0.hasPrefix("DELETE") })
        }
    }

    @Test("what a killed process left is found and removed, what is on its way is not")
    func stale() async throws {
        try await FaultScope.plain { store in
            let key = try ObjectKey("faults/stale-\(UInt64.random(in: 0 ... .max))")
            _ = try await S3Parts(store, key, mark: "x")
            // Only of this key: other tests have uploads in the bucket, too.
            let below = key.rawValue
            try await store.removeStaleUploads(below: below, olderThan: .seconds(3600))
            #expect(try await leftovers(key) == 1)
            try await store.removeStaleUploads(below: "apps/", olderThan: .seconds(-60))
            #expect(try await leftovers(key) == 1, "what others keep in the bucket is none of ours")
            try await eventually("the upload is old enough to be counted") {
                try await store.removeStaleUploads(below: below, olderThan: .zero, dryRun: true) == 1
            }
            #expect(try await leftovers(key) == 1, "a dry run removes nothing")
            try await eventually("the upload is old enough and gone") {
                try await store.removeStaleUploads(below: below, olderThan: .zero)
                return try await leftovers(key) == 0
            }
        }
    }

    @Test("a conditional put in parts has one winner, and is told apart", arguments: [true, false])
    func conditions(isMatch: Bool) async throws {
        try await FaultScope.run(faults: { _, _ in .none }) { scope, key in
            let before = try await scope.store.put(key, bytes: [1])
            let condition: PutCondition = isMatch ? .ifMatch(etag: before.etag + "0") : .ifAbsent
            await FaultScope.expect(.conditionFailed) { _ = try await self.put(scope, key, condition) }
            await scope.store.cleaning.finish()
            #expect(try await self.leftovers(key) == 0)
            #expect(try await scope.store.head(key) == before)
            if isMatch { _ = try await self.put(scope, key, .ifMatch(etag: before.etag)) }
        }
    }

    @Test("a conditional put whose answer is lost knows its own effect from another's", arguments: [true, false])
    func ownEffect(isMatch: Bool) async throws {
        let plan: FaultProxy.Plan = { number, line in
            line.hasPrefix("PUT") && number < 3 ? .resetDown(after: 0) : .none
        }
        try await FaultScope.plain { plain in
            try await FaultScope.run(faults: plan) { scope, key in
                var condition = PutCondition.ifAbsent
                if isMatch { condition = .ifMatch(etag: try await plain.put(key, bytes: [0]).etag) }
                let put = try await scope.store.put(key, bytes: [1, 2, 3], condition: condition)
                #expect(try await plain.head(key) == put)
                #expect(scope.proxy.requests.filter { $0.hasPrefix("PUT") }.count > 1)
                // The same once more is another put: it comes too late, although the content is equal.
                await FaultScope.expect(.conditionFailed) {
                    try await scope.store.put(key, bytes: [1, 2, 3], condition: condition)
                }
            }
        }
    }

    @Test("another's put of the same content is not taken for one's own after a broken connection")
    func othersEffect() async throws {
        let plan: FaultProxy.Plan = { number, _ in number == 0 ? .resetUp(after: 10) : .none }
        try await FaultScope.plain { plain in
            try await FaultScope.run(faults: plan) { scope, key in
                let other = try await plain.put(key, bytes: [1, 2, 3])
                await FaultScope.expect(.conditionFailed) {
                    try await scope.store.put(key, bytes: [1, 2, 3], condition: .ifAbsent)
                }
                let found = try await plain.head(key)
                #expect(found == other)
                #expect(scope.proxy.requests.filter { $0.hasPrefix("PUT") }.count == 2)
            }
        }
    }

    @Test("content stays within its memory however much there is")
    func memory() async {
        // In a process of its own: others take memory, too.
        await #expect(processExitsWith: .success) {
            let parts = 40
            var limits = S3Limits()
            limits.partSize = 5 << 20
            let piece = FaultScope.pattern(1 << 20)
            try await TestServer.seaweedFS.withStore(bucket: "large", limits: limits) { store in
                let key = try ObjectKey("large")
                try await store.put(key, bytes: piece)
                let before = try Self.residentSize()
                let peak = Mutex(0)
                try await store.put(key, condition: .always) { writer in
                    for _ in 0..<(parts * 5) {
                        try await writer.write(piece)
                        let now = try Self.residentSize()
                        peak.withLock { peak in peak = max(peak, now) }
                    }
                }
                var count = 0
                for try await chunk in try await store.get(key, range: nil).body {
                    count += chunk.count
                    if count % 64 == 0 {
                        let now = try Self.residentSize()
                        peak.withLock { peak in peak = max(peak, now) }
                    }
                }
                #expect(count == parts * (5 << 20))
                #expect(peak.withLock { $0 } - before < 100 << 20)
                try await store.delete([key])
            }
        }
    }

    /// Bytes of this process in memory.
    private static func residentSize() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return (Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0) * 4096
    }
}
