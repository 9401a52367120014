import Synchronization
import TestSupport
import Testing

@testable import Kubernetes

@Suite("Requests", .timeLimit(.minutes(5)))
struct ClientTests {
    private struct Thing: Decodable, Equatable, Sendable { let name: String }

    private static let thing = #"{"metadata":{"resourceVersion":"1"},"name":"n"}"#

    private func with(
        limits: KubernetesLimits = TestClient.limits, _ answer: @escaping FakeServer.Answer,
        _ body: (FakeServer, KubernetesClient) async throws -> Void
    ) async throws {
        let server = try await FakeServer(answer)
        try await TestClient.with(server.url, limits: limits) { try await body(server, $0) }
        await server.stop()
    }

    private func expect(
        _ kind: KubernetesError.Kind, leavesDoubt: Bool? = nil, _ body: () async throws -> Void
    ) async {
        do {
            try await body()
            Issue.record("nothing was thrown instead of \(kind)")
        } catch let error as KubernetesError {
            #expect(error.kind == kind, "\(error)")
            if let leavesDoubt { #expect(error.leavesDoubt == leavesDoubt) }
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test("reading goes on through a server in trouble")
    func reading() async throws {
        try await with { request, response in
            switch request.number {
            case 0: try await response.fail(500, "InternalError")
            case 1: await response.cut()
            case 2: try await response.fail(429, "TooManyRequests", "slow down", [("retry-after", "0")])
            default: try await response.answer(200, Self.thing)
            }
        } _: { server, client in
            let found = try await client.get(Thing.self, .pods, namespace: "n", name: "p")
            #expect(found == Thing(name: "n"))
            #expect(server.requests.count == 4)
        }
    }

    @Test("creating is not repeated when it may have succeeded")
    func creating() async throws {
        try await with { request, response in
            switch request.number {
            case 0: try await response.fail(429, "TooManyRequests")
            case 1: try await response.fail(503, "ServiceUnavailable")
            default: await response.cut()
            }
        } _: { server, client in
            await expect(.unreachable, leavesDoubt: true) {
                _ = try await client.create(Thing.self, .jobs, ["a": 1], namespace: "n")
            }
            // Turned away twice before it was looked at, then cut.
            #expect(server.requests.count == 3)
            #expect(
                server.requests.allSatisfy { $0.body == #"{"a":1}"# && $0.path == "/apis/batch/v1/namespaces/n/jobs" })
        }
    }

    @Test(
        "the server's own words are in the error",
        arguments: [
            (400, "BadRequest", KubernetesError.Kind.invalid), (401, "Unauthorized", .unauthorized),
            (403, "Forbidden", .forbidden), (409, "AlreadyExists", .alreadyExists), (409, "Conflict", .conflict),
            (422, "Invalid", .invalid), (410, "Expired", .gone), (500, "InternalError", .serverError),
        ])
    func words(code: Int, reason: String, kind: KubernetesError.Kind) async throws {
        var limits = TestClient.limits
        limits.attempts = 1
        try await with(limits: limits) { _, response in
            try await response.fail(code, reason, "exceeded quota: builds")
        } _: { _, client in
            do {
                _ = try await client.create(Thing.self, .jobs, ["a": 1], namespace: "n")
                Issue.record("created")
            } catch let error as KubernetesError {
                #expect(error.kind == kind)
                let words = "exceeded quota: builds"
                #expect(error.status == APIStatus(code: code, reason: reason, message: words, isObject: true))
                #expect("\(error)".contains("exceeded quota: builds") && "\(error)".contains("create jobs in n"))
                #expect(
                    "\(error)".contains("check") || kind == .alreadyExists || kind == .conflict || kind == .gone
                        || kind == .serverError)
                #expect(!error.inWords.contains("127.0.0.1"))
                #expect(
                    error.inWords.contains("exceeded quota") == ![.unauthorized, .gone, .serverError].contains(kind))
            }
        }
    }

    @Test("deleting by name alone is not repeated when it may have succeeded, deleting one object is")
    func deleting() async throws {
        try await with { request, response in
            if request.number == 2 { return try await response.answer(200, "{}") }
            await response.cut()
        } _: { server, client in
            await expect(.unreachable, leavesDoubt: true) {
                try await client.delete(.jobs, namespace: "n", name: "j")
            }
            #expect(server.requests.count == 1)
            let isDeleted = try await client.delete(
                .jobs, namespace: "n", name: "j", uid: "u", propagation: .foreground)
            #expect(isDeleted && server.requests.count == 3)
            let options = try JSON.parse(Array(server.requests[2].body.utf8), maximumSize: 1000)
            #expect(options["preconditions"] == ["uid": "u"] && options["propagationPolicy"] == "Foreground")
        }
    }

    @Test("a missing object is nil, a missing path is not")
    func missing() async throws {
        try await with { request, response in
            if request.path.hasSuffix("/a") { return try await response.fail(404, "NotFound") }
            try await response.answer(404, "404 page not found\n")
        } _: { _, client in
            let found = try await client.get(Thing.self, .pods, namespace: "n", name: "a")
            let isDeleted = try await client.delete(.pods, namespace: "n", name: "a")
            #expect(found == nil && !isDeleted)
            await expect(.notFound) { _ = try await client.get(Thing.self, .pods, namespace: "n", name: "b") }
        }
    }

    @Test("names cannot leave their place in the path")
    func paths() async throws {
        try await with { _, response in
            try await response.fail(404, "NotFound")
        } _: { server, client in
            _ = try await client.get(Thing.self, .pods, namespace: "..", name: "a/b?c#d e")
            #expect(server.requests[0].path == "/api/v1/namespaces/%2E%2E/pods/a%2Fb%3Fc%23d%20e")
        }
    }

    @Test("nonsense, floods and silence have their own kinds")
    func nonsense() async throws {
        var limits = TestClient.limits
        limits.objectSize = 1000
        limits.attempts = 2
        try await with(limits: limits) { request, response in
            switch request.path.split(separator: "/").last {
            case "html": try await response.answer(200, "<html>Log in</html>")
            case "other": try await response.answer(200, #"{"metadata":{}}"#)
            case "redirect": try await response.answer(302, "", [("location", "https://example.org/")])
            case "flood":
                try await response.head(200)
                while true { try await response.write(String(repeating: "x", count: 1000)) }
            case "head":
                try await response.head(200)
                await response.stall()
            default: await response.stall()
            }
        } _: { server, client in
            for name in ["html", "other", "redirect", "flood"] {
                await expect(.malformed) { _ = try await client.get(Thing.self, .pods, namespace: "n", name: name) }
            }
            var limits = limits
            limits.requestTime = .milliseconds(300)
            try await TestClient.with(server.url, limits: limits) { hasty in
                for name in ["head", "silence"] {
                    await expect(.timedOut) { _ = try await hasty.get(Thing.self, .pods, namespace: "n", name: name) }
                }
            }
        }
    }

    @Test("a server that is not there is told at once")
    func refused() async throws {
        let port = ClosedPort()
        var limits = TestClient.limits
        limits.attempts = 2
        try await TestClient.with("http://127.0.0.1:\(port.number)", limits: limits) { client in
            await expect(.unreachable, leavesDoubt: false) { try await client.isReady() }
            await expect(.unreachable, leavesDoubt: false) {
                _ = try await client.create(Thing.self, .jobs, ["a": 1], namespace: "n")
            }
        }
        withExtendedLifetime(port) {}
    }

    @Test("a list comes page by page, begins anew when it is forgotten, and is bounded")
    func lists() async throws {
        let gone = Mutex(true)
        var limits = TestClient.limits
        limits.listedObjects = 10
        try await with(limits: limits) { request, response in
            let page = Int(request.query["continue"] ?? "0") ?? 0
            if page == 1,
                gone.withLock({ gone in
                    defer { gone = false }; return gone
                })
            {
                return try await response.fail(410, "Expired", "The provided continue parameter is too old")
            }
            let isEndless = request.path.contains("/endless/")
            let next = isEndless ? "\(page + 1)" : page < 2 ? "\(page + 1)" : ""
            let continuation = request.path.contains("/same/") ? "x" : next
            try await response.answer(
                200,
                #"{"metadata":{"resourceVersion":"9","continue":"\#(continuation)"},"items":[{"name":"\#(page)"},{"name":"x"}]}"#
            )
        } _: { server, client in
            let list = try await client.list(
                Thing.self, .pods, namespace: "n", labels: ["a/b": "c", "d": "e"], fields: ["status.phase": "Running"],
                pageSize: 2)
            #expect(list.items.map(\.name) == ["0", "x", "1", "x", "2", "x"] && list.resourceVersion == "9")
            #expect(server.requests[0].query["limit"] == "2")
            #expect(server.requests[0].query["labelSelector"] == "a%2Fb=c%2Cd=e")
            #expect(server.requests[0].query["fieldSelector"] == "status.phase=Running")
            await expect(.malformed) { _ = try await client.list(Thing.self, .pods, namespace: "endless") }
            await expect(.malformed) { _ = try await client.list(Thing.self, .pods, namespace: "same") }
        }
    }

    @Test("cancelling ends a request at once and closes its connection")
    func cancellation() async throws {
        try await with { _, response in
            await response.stall()
        } _: { server, client in
            let task = Task { try await client.isReady() }
            try await eventually("the request came") { server.requests.count == 1 }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await eventually("the connection is closed") { server.openConnections == 0 }
        }
    }
}
