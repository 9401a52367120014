import Synchronization
import TestSupport
import Testing

@testable import Kubernetes

@Suite("Watches through trouble", .timeLimit(.minutes(5)))
struct WatchTests {
    private struct Thing: Decodable, Equatable, Sendable { let name: String }

    private static func line(_ type: String, _ name: String, _ version: Int) -> String {
        #"{"type":"\#(type)","object":{"metadata":{"resourceVersion":"\#(version)"},"name":"\#(name)"}}"# + "\n"
    }

    private static func list(_ names: [String], _ version: Int) -> String {
        let items = names.map { #"{"name":"\#($0)"}"# }.joined(separator: ",")
        return #"{"metadata":{"resourceVersion":"\#(version)"},"items":[\#(items)]}"#
    }

    private static func text(_ event: WatchEvent<Thing>) -> String {
        switch event {
        case .listed(let things): "listed " + things.map(\.name).joined(separator: " ")
        case .added(let thing): "added \(thing.name)"
        case .modified(let thing): "modified \(thing.name)"
        case .deleted(let thing): "deleted \(thing.name)"
        case .interrupted(let error): "interrupted \(error.kind)"
        case .resumed: "resumed"
        }
    }

    /// Watches a fake server until so many events came; its closures get the numbers of lists and watches, from 0.
    private func events(
        _ count: Int, limits: KubernetesLimits = TestClient.limits,
        list: @escaping @Sendable (Int, FakeServer.Response) async throws -> Void = { number, response in
            try await response.answer(200, list(["a\(number)"], 10 + number))
        },
        watch: @escaping @Sendable (Int, FakeServer.Request, FakeServer.Response) async throws -> Void
    ) async throws -> (events: [String], watches: [FakeServer.Request]) {
        let counts = Mutex((lists: 0, watches: 0))
        let server = try await FakeServer { request, response in
            if request.query["watch"] == "true" {
                let number = counts.withLock { counts in
                    counts.watches += 1
                    return counts.watches - 1
                }
                try await watch(number, request, response)
            } else {
                let number = counts.withLock { counts in
                    counts.lists += 1
                    return counts.lists - 1
                }
                try await list(number, response)
            }
        }
        var found: [String] = []
        try await TestClient.with(server.url, limits: limits) { client in
            for try await event in client.watch(Thing.self, .pods, namespace: "n", labels: ["a": "b"]) {
                found.append(Self.text(event))
                if found.count == count { break }
            }
            try await eventually("the connection is closed") { server.openConnections <= 1 }
        }
        await server.stop()
        return (found, server.requests.filter { $0.query["watch"] == "true" })
    }

    @Test("changes come in order, and a watch that ends or is cut goes on where it was")
    func resumption() async throws {
        let (events, watches) = try await events(5) { number, _, response in
            try await response.head(200)
            switch number {
            case 0:
                try await response.write(Self.line("ADDED", "x", 11))
                // Cut in the middle of a line.
                try await response.write(#"{"type":"MODI"#)
                await response.cut()
            case 1:
                try await response.write(Self.line("MODIFIED", "x", 12) + Self.line("BOOKMARK", "", 20))
                try await response.end()
            case 2:
                try await response.write(Self.line("DELETED", "x", 21) + Self.line("ADDED", "y", 22))
                await response.stall()
            default: await response.cut()
            }
        }
        #expect(events == ["listed a0", "added x", "modified x", "deleted x", "added y"])
        #expect(watches.map { $0.query["resourceVersion"] } == ["10", "11", "20"])
        #expect(
            watches.allSatisfy {
                $0.query["allowWatchBookmarks"] == "true" && Int($0.query["timeoutSeconds"] ?? "") ?? 0 >= 60
            })
    }

    @Test("a version that is gone leads to a new list, as an answer and in the watch", arguments: [true, false])
    func gone(inside: Bool) async throws {
        let (events, _) = try await events(4) { number, _, response in
            if number == 0 {
                guard inside else { return try await response.fail(410, "Expired") }
                try await response.head(200)
                try await response.write(Self.line("ADDED", "x", 11))
                try await response.write(
                    #"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Gone"}}"# + "\n")
                return try await response.end()
            }
            try await response.head(200)
            try await response.write(Self.line("ADDED", "y", 12) + Self.line("ADDED", "z", 13))
            await response.stall()
        }
        #expect(
            events
                == (inside
                    ? ["listed a0", "added x", "listed a1", "added y"]
                    : ["listed a0", "listed a1", "added y", "added z"]))
    }

    @Test("an outage is told once, and its end; the first list's failure at once")
    func outage() async throws {
        let (events, _) = try await events(
            6,
            list: { number, response in
                if number < 3 { return try await response.fail(503, "ServiceUnavailable") }
                try await response.answer(200, Self.list(["a"], 10))
            },
            watch: { number, _, response in
                if (0..<4).contains(number) { return await response.cut() }
                try await response.head(200)
                try await response.write(Self.line("ADDED", "x", 11))
                await response.stall()
            })
        #expect(
            events == [
                "interrupted serverError", "resumed", "listed a", "interrupted unreachable", "resumed", "added x",
            ])
    }

    @Test("a watch that is silent beyond its time is given up")
    func silence() async throws {
        var limits = TestClient.limits
        limits.watchTime = .milliseconds(200)
        limits.watchGrace = .milliseconds(200)
        let (events, watches) = try await events(2, limits: limits) { number, _, response in
            try await response.head(200)
            if number == 0 { return await response.stall() }
            try await response.write(Self.line("ADDED", "x", 11))
            await response.stall()
        }
        #expect(events == ["listed a0", "added x"])
        #expect(watches.count >= 2, "more on a machine that is slow")
    }

    @Test("a watch that ends at once each time is not asked for without a pause")
    func pace() async throws {
        var limits = TestClient.limits
        limits.firstDelay = .milliseconds(50)
        let began = ContinuousClock.now
        _ = try await events(2, limits: limits) { number, _, response in
            try await response.head(200)
            if number == 6 { try await response.write(Self.line("ADDED", "x", 11)) }
            try await response.end()
        }
        #expect(ContinuousClock.now - began > .milliseconds(350))
    }

    @Test("garbage and floods end in a new list", arguments: ["garbage", "flood", "nothing known"])
    func garbage(what: String) async throws {
        var limits = TestClient.limits
        limits.watchLine = 1000
        let (events, _) = try await events(3, limits: limits) { number, _, response in
            try await response.head(200)
            if number > 0 {
                try await response.write(Self.line("NEWS", "x", 11) + Self.line("ADDED", "x", 12))
                return await response.stall()
            }
            switch what {
            case "garbage": try await response.write("<html>\n")
            case "flood": try await response.write(String(repeating: "x", count: 2000))
            default: try await response.write(#"{"type":"ADDED","object":{"metadata":{}}}"# + "\n")
            }
            await response.stall()
        }
        #expect(events == ["listed a0", "listed a1", "added x"])
    }

    @Test("cancelling ends a silent watch at once")
    func cancellation() async throws {
        let server = try await FakeServer { request, response in
            if request.query["watch"] == nil { return try await response.answer(200, Self.list([], 1)) }
            try await response.head(200)
            await response.stall()
        }
        try await TestClient.with(server.url) { client in
            let task = Task { for try await _ in client.watch(Thing.self, .pods, namespace: "n") {} }
            try await eventually("the watch began") { server.requests.count == 2 }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await eventually("the connection is closed") { server.openConnections <= 1 }
        }
        await server.stop()
    }
}
