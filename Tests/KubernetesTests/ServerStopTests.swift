import Foundation
import TestSupport
import Testing

@testable import Kubernetes

/// An API server that goes away in the middle.
@Suite(
    "An API server that stops", .serialized, .timeLimit(.minutes(10)),
    .enabled(if: OwnAPIServer.isPossible, "the cluster is not the test bed's, whose server may be stopped"))
struct ServerStopTests {
    private struct Map: Decodable, Sendable {
        struct Metadata: Decodable, Sendable { let name: String }

        let metadata: Metadata
    }

    private struct Nothing: Decodable, Sendable {}

    private actor Mirror {
        var names: Set<String> = []
        var interruptions: [KubernetesError.Kind] = []
        var resumptions = 0

        func take(_ event: WatchEvent<Map>) {
            switch event {
            case .listed(let maps): names = Set(maps.map(\.metadata.name))
            case .added(let map), .modified(let map): names.insert(map.metadata.name)
            case .deleted(let map): names.remove(map.metadata.name)
            case .interrupted(let error): interruptions.append(error.kind)
            case .resumed: resumptions += 1
            }
        }
    }

    private static func map(_ name: String) -> JSON {
        [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": .string(name), "labels": ["test": "stop"]],
        ]
    }

    @Test("a version that the server has forgotten leads to a new list")
    func forgotten() async throws {
        // It knows of nothing that was before its own start, and version 1 was before anything.
        let server = try await OwnAPIServer()
        try await TestClient.with(server.configuration()) { client in
            let selection = Selection(kind: .configMaps, namespace: "kube-system", labels: [:], fields: [:])
            var iterator = KubernetesWatch<Map>.AsyncIterator(client, selection, from: "1")
            guard case .listed = try await iterator.next() else {
                Issue.record("no list after a version that is gone")
                return
            }
        }
    }

    @Test(
        "a watch goes on when its server was stopped or halted, and misses no change", arguments: ["stopped", "halted"])
    func watch(how: String) async throws {
        let server = try await OwnAPIServer()
        var limits = TestClient.limits
        limits.watchTime = .seconds(2)
        limits.watchGrace = .seconds(1)
        limits.requestTime = .seconds(2)
        try await TestClient.with(TestCluster.configuration()) { direct in
            try await TestCluster.withNamespace { namespace in
                try await TestClient.with(server.configuration(), limits: limits) { client in
                    let mirror = Mirror()
                    let task = Task {
                        let watch = client.watch(
                            Map.self, .configMaps, namespace: namespace, labels: ["test": "stop"])
                        for try await event in watch { await mirror.take(event) }
                    }
                    for index in 0..<9 {
                        if index == 3 {
                            if how == "stopped" { server.kill() } else { server.halt() }
                            try await eventually("the outage is told") { await mirror.interruptions.count == 1 }
                        }
                        if index == 6 {
                            if how == "stopped" { try await server.start() } else { server.resume() }
                        }
                        _ = try await direct.create(
                            Nothing.self, .configMaps, Self.map("m\(index)"), namespace: namespace)
                    }
                    try await eventually("all changes came") { await mirror.names.count == 9 }
                    #expect(await mirror.interruptions == [how == "stopped" ? .unreachable : .timedOut])
                    #expect(await mirror.resumptions == 1)
                    task.cancel()
                    _ = try? await task.value
                }
            }
        }
    }

    @Test(
        "a log goes on when its server was stopped, and one whose container ended meanwhile ends", arguments: [30, 300])
    func log(lines: Int) async throws {
        let server = try await OwnAPIServer()
        let container: JSON = [
            "name": "c", "image": "local.test/busybox:1", "imagePullPolicy": "Never",
            "command": [
                "/bin/sh", "-c",
                .string("i=0; while [ $i -lt \(lines) ]; do echo line $i; i=$((i+1)); sleep 0.05; done"),
            ],
        ]
        let pod: JSON = [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p"],
            "spec": ["restartPolicy": "Never", "automountServiceAccountToken": false, "containers": [container]],
        ]
        try await TestClient.with(TestCluster.configuration()) { direct in
            try await TestCluster.withNamespace { namespace in
                try await eventually("the namespace has its service account") {
                    (try? TestCluster.kubectl("get", "serviceaccount", "default", "-n", namespace)) != nil
                }
                _ = try await direct.create(Nothing.self, .pods, pod, namespace: namespace)
                try await TestClient.with(server.configuration()) { client in
                    var reading = LogReading()
                    var isStopped = false
                    for try await event in client.followLog(namespace: namespace, pod: "p", container: "c") {
                        reading.take(event)
                        if reading.bytes.count > 60, !isStopped {
                            isStopped = true
                            server.kill()
                            Task {
                                try? await Task.sleep(for: .seconds(3))
                                try await server.start()
                            }
                        }
                    }
                    #expect(reading.bytes == Array((0..<lines).map { "line \($0)\n" }.joined().utf8))
                    #expect(reading.interruptions == [.unreachable] && reading.incomplete.isEmpty)
                    #expect(reading.events.last == .resumed)
                }
            }
        }
    }
}
