import ObjectStorage
import Synchronization
import Testing

@testable import S3

@Suite("Answers of a server in trouble", .serialized, .timeLimit(.minutes(10)))
struct ServerTroubleTests {
    private static let content = FaultScope.pattern(300_000)

    @Test("503 with Retry-After is waited for, 500, 502, 504 and 429 are tried again")
    func retries() async throws {
        let plan: FaultProxy.Plan = { number, _ in
            switch number {
            case 0: .status("503 Slow Down", headers: "Retry-After: 1\r\n")
            case 1: .status("500 Internal Server Error")
            case 2: .status("429 Too Many Requests")
            case 3: .status("502 Bad Gateway")
            default: .none
            }
        }
        let began = ContinuousClock.now
        try await FaultScope.run(faults: plan) { scope, key in
            _ = try await scope.store.put(key, bytes: Self.content)
        }
        #expect(ContinuousClock.now - began >= .seconds(1))
    }

    @Test(
        "trouble that stays has its kind",
        arguments: [
            ("503 Slow Down", "SlowDown", ObjectStoreError.Kind.throttled), ("500 Oops", "InternalError", .unavailable),
            ("507 Full", "XMinioStorageFull", .noSpace), ("403 Forbidden", "QuotaExceeded", .noSpace),
            ("403 Forbidden", "AccessDenied", .notAllowed), ("301 Moved", "PermanentRedirect", .noSuchBucket),
            ("400 Bad Request", "ExpiredToken", .notAllowed), ("501 Not Implemented", "NotImplemented", .unsupported),
            ("404 Not Found", "NoSuchBucket", .noSuchBucket), ("409 Conflict", "OperationAborted", .unavailable),
        ])
    func kinds(line: String, code: String, kind: ObjectStoreError.Kind) async throws {
        let body = "<Error><Code>\(code)</Code><Message>cisecret\u{7}words</Message><Region>eu-x-1</Region></Error>"
        let answer = "HTTP/1.1 \(line)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        try await FaultScope.run(faults: { _, _ in .answer(answer) }) { scope, key in
            await FaultScope.expect(kind, detail: [code, "PutObject"]) { try await scope.store.put(key, bytes: [1]) }
            await FaultScope.expect(kind, detail: [code]) { for try await _ in scope.store.list(prefix: "") {} }
        }
    }

    @Test("a bucket that is missing is told from an object that is")
    func missing() async throws {
        let body = "<Error><Code>NoSuchBucket</Code></Error>"
        let answer = "HTTP/1.1 404 Not Found\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        let plan: FaultProxy.Plan = { _, line in line.hasPrefix("HEAD") ? .status("404 Not Found") : .answer(answer) }
        try await FaultScope.run(faults: plan) { scope, key in
            await FaultScope.expect(.noSuchBucket, detail: ["NoSuchBucket"]) { _ = try await scope.store.head(key) }
        }
        try await FaultScope.run(faults: { _, _ in .none }) { scope, key in
            let found = try await scope.store.head(key)
            #expect(found == nil)
        }
    }

    @Test("a server in trouble is not asked for words besides")
    func troubleWithHead() async throws {
        try await FaultScope.run(faults: { _, _ in .status("503 Service Unavailable") }) { scope, key in
            await FaultScope.expect(.unavailable, detail: ["HeadObject"]) { _ = try await scope.store.head(key) }
            #expect(scope.proxy.requests.allSatisfy { $0.hasPrefix("HEAD") })
        }
    }

    @Test("what is no S3 is an error in words", arguments: ["<html><body>Hello</body></html>", "", "nothing", "<a>"])
    func noS3(body: String) async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        try await FaultScope.run(faults: { _, _ in .answer(answer) }) { scope, key in
            await FaultScope.expect(.unavailable) { try await scope.store.put(key, bytes: [1]) }
            await FaultScope.expect(.unavailable) { _ = try await scope.store.head(key) }
            await FaultScope.expect(.unavailable) { _ = try await scope.store.get(key, range: nil) }
            await FaultScope.expect(.unavailable) { for try await _ in scope.store.list(prefix: "") {} }
        }
    }

    @Test("content that was changed on its way up is sent again, and never kept")
    func corruptUp() async throws {
        try await FaultScope.run(faults: { number, _ in number == 0 ? .corruptUp(at: 200_000) : .none }) { scope, key in
            try await scope.store.put(key, bytes: Self.content)
            #expect(try await scope.store.getAll(key, limit: 300_000) == Self.content)
        }
        let plan: FaultProxy.Plan = { _, line in line.hasPrefix("PUT") ? .corruptUp(at: 200_000) : .none }
        try await FaultScope.run(faults: plan) { scope, key in
            await FaultScope.expect(.damaged) { try await scope.store.put(key, bytes: Self.content) }
            let found = try await scope.store.head(key)
            #expect(found == nil)
        }
    }

    @Test("content that was changed on its way down is an error at its end")
    func corruptDown() async throws {
        try await FaultScope.run(faults: { _, line in line.hasPrefix("GET") ? .corruptDown(at: 200_000) : .none }) {
            scope, key in
            try await scope.store.put(key, bytes: Self.content)
            await FaultScope.expect(.damaged) { _ = try await scope.store.getAll(key, limit: 300_000) }
        }
    }

    @Test("a listing that breaks off is read again")
    func listing() async throws {
        let plan: FaultProxy.Plan = { number, line in
            line.hasPrefix("GET") && number < 4 ? .cutDown(after: 300 + 100 * number) : .none
        }
        try await FaultScope.run(faults: plan) { scope, key in
            try await scope.store.put(key, bytes: [1])
            var names: [ObjectKey] = []
            for try await item in scope.store.list(prefix: key.rawValue) { names.append(item.key) }
            #expect(names == [key])
        }
    }

    /// What S3 says to a header that it does not know.
    private static var notImplemented: Fault {
        let body = "<Error><Code>NotImplemented</Code></Error>"
        let head = "HTTP/1.1 501 Not Implemented\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n"
        return .answer(head + body)
    }

    @Test("a server that knows no checksums gets none")
    func noChecksums() async throws {
        try await FaultScope.run(faults: { number, _ in number == 0 ? Self.notImplemented : .none }) { scope, key in
            try await scope.store.put(key, bytes: Self.content)
            #expect(try await scope.store.getAll(key, limit: 300_000) == Self.content)
            #expect(scope.proxy.requests.filter { $0.hasPrefix("PUT") }.count == 2)
            let usesChecksums = scope.store.client.usesChecksums.load(ordering: .relaxed)
            #expect(!usesChecksums)
        }
    }

    @Test("a proxy's 501 says nothing about checksums")
    func proxysNotImplemented() async throws {
        let plan: FaultProxy.Plan = { number, _ in number == 0 ? .status("501 Not Implemented") : .none }
        try await FaultScope.run(faults: plan) { scope, key in
            await FaultScope.expect(.unsupported) { try await scope.store.put(key, bytes: Self.content) }
            let usesChecksums = scope.store.client.usesChecksums.load(ordering: .relaxed)
            #expect(usesChecksums)
        }
    }

    @Test("an upload begun with checksums does not go on without, and the next has none")
    func noChecksumsOfParts() async throws {
        // The last part is small: an answer to it does not come while it is still being sent.
        let content = FaultScope.pattern((10 << 20) + 1)
        let isFirst = Mutex(true)
        let plan: FaultProxy.Plan = { _, line in
            guard line.contains("partNumber=3") else { return .none }
            return isFirst.withLock { isFirst in
                defer { isFirst = false }
                return isFirst
            } ? Self.notImplemented : .none
        }
        try await FaultScope.run(faults: plan) { scope, key in
            // A kind that may pass, so that callers begin it anew.
            await FaultScope.expect(.unavailable, detail: ["NotImplemented", "no checksums from now on"]) {
                try await scope.store.put(key, bytes: content)
            }
            #expect(scope.proxy.requests.filter { $0.contains("partNumber=3") }.count == 1)
            try await scope.store.put(key, bytes: content)
            let usesChecksums = scope.store.client.usesChecksums.load(ordering: .relaxed)
            #expect(!usesChecksums)
            #expect(try await scope.store.getAll(key, limit: content.count) == content)
        }
    }

    @Test("retries end when most requests fail")
    func budget() {
        let budget = RetryBudget()
        var taken = 0
        while budget.take(isTimeOut: false) { taken += 1 }
        #expect(taken == 100)
        for _ in 0..<5 { budget.succeed(afterRetry: false) }
        #expect(budget.take(isTimeOut: false))
        #expect(!budget.take(isTimeOut: false))
        for _ in 0..<2 { budget.succeed(afterRetry: true) }
        #expect(budget.take(isTimeOut: true))
    }
}
