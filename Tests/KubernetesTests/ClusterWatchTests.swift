import Foundation
import TestSupport
import Testing

@testable import Kubernetes

/// Watches of a real API server, through a proxy that breaks.
@Suite("Watches of a real API server", .timeLimit(.minutes(10)))
struct ClusterWatchTests {
    private struct Map: Decodable, Sendable {
        struct Metadata: Decodable, Sendable { let name: String }

        let metadata: Metadata
        let data: [String: String]?
    }

    /// What a reader of a watch knows.
    private actor Mirror {
        var maps: [String: String] = [:]
        var interruptions = 0
        var resumptions = 0
        var lists = 0

        func take(_ event: WatchEvent<Map>) {
            switch event {
            case .listed(let all):
                lists += 1
                maps = Dictionary(uniqueKeysWithValues: all.map { ($0.metadata.name, $0.data?["x"] ?? "") })
            case .added(let map), .modified(let map): maps[map.metadata.name] = map.data?["x"] ?? ""
            case .deleted(let map): maps[map.metadata.name] = nil
            case .interrupted: interruptions += 1
            case .resumed: resumptions += 1
            }
        }
    }

    private static func map(_ name: String, _ value: Int) -> JSON {
        [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name), "labels": ["test": "watch"]],
            "data": ["x": .string("\(value)")],
        ]
    }

    @Test("a watch whose connections break, and whose server is gone for a while, misses no change")
    func breaking() async throws {
        let admin = try TestCluster.configuration()
        let address = try #require(URL(string: admin.server))
        let proxy = try await GateProxy(toHost: address.host() ?? "", port: address.port ?? 443)
        let proxied = KubernetesConfiguration(
            server: "https://127.0.0.1:\(proxy.port)", namespace: "default", origin: "test", trust: admin.trust,
            login: admin.login)
        try await TestCluster.withNamespace { namespace in
            try await TestClient.with(admin) { direct in
                try await TestClient.with(proxied) { client in
                    let mirror = Mirror()
                    let task = Task {
                        let watch = client.watch(Map.self, .configMaps, namespace: namespace, labels: ["test": "watch"])
                        for try await event in watch { await mirror.take(event) }
                    }
                    try await eventually("the list came") { await mirror.lists == 1 }
                    var expected: [String: String] = [:]
                    for index in 0..<30 {
                        let name = "m\(index)"
                        _ = try await direct.create(
                            Map.self, .configMaps, Self.map(name, index), namespace: namespace)
                        expected[name] = "\(index)"
                        if index % 3 == 2 {
                            try await direct.delete(.configMaps, namespace: namespace, name: "m\(index - 1)")
                            expected["m\(index - 1)"] = nil
                        }
                        switch index {
                        case 5, 9, 14:
                            // A connection that is cut while it is made anew would be an outage.
                            try await eventually("the change came") { await mirror.maps[name] != nil }
                            proxy.cut()
                        case 20:
                            proxy.shut()
                            try await eventually("the outage was told") { await mirror.interruptions == 1 }
                        case 25: proxy.open()
                        default: break
                        }
                    }
                    let goal = expected
                    try await eventually("the mirror is right") { await mirror.maps == goal }
                    #expect(await mirror.interruptions == 1)
                    #expect(await mirror.resumptions == 1)
                    #expect(await mirror.lists == 1)
                    task.cancel()
                    _ = try? await task.value
                }
            }
        }
        await proxy.stop()
    }

    @Test("a watch that ends after its time goes on without a new list")
    func time() async throws {
        var limits = TestClient.limits
        limits.watchTime = .seconds(1)
        try await TestClient.with(TestCluster.configuration(), limits: limits) { client in
            try await TestCluster.withNamespace { namespace in
                let mirror = Mirror()
                let task = Task {
                    let watch = client.watch(Map.self, .configMaps, namespace: namespace, labels: ["test": "watch"])
                    for try await event in watch { await mirror.take(event) }
                }
                for index in 0..<4 {
                    _ = try await client.create(Map.self, .configMaps, Self.map("m\(index)", 0), namespace: namespace)
                    try await eventually("the change came") { await mirror.maps.count == index + 1 }
                    try await Task.sleep(for: .seconds(1.5))
                }
                #expect(await mirror.lists == 1)
                #expect(await mirror.interruptions == 0)
                task.cancel()
                _ = try? await task.value
            }
        }
    }
}
