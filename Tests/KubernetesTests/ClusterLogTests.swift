import Foundation
import TestSupport
import Testing

@testable import Kubernetes

/// Logs that a real kubelet and container runtime keep.
///
/// Needs the image `local.test/busybox:1` of the test bed.
@Suite("Logs of a real node", .timeLimit(.minutes(15)))
struct ClusterLogTests {
    private static func pod(_ name: String, _ script: String, initScript: String? = nil) -> JSON {
        func container(_ name: String, _ script: String) -> JSON {
            [
                "name": .string(name), "image": "local.test/busybox:1", "imagePullPolicy": "Never",
                "command": ["/bin/sh", "-c", .string(script)],
            ]
        }
        var spec: JSON = [
            "restartPolicy": "Never", "containers": [container("c", script)], "terminationGracePeriodSeconds": 0,
            "automountServiceAccountToken": false,
        ]
        if let initScript { spec["initContainers"] = [container("i", initScript)] }
        return ["apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name)], "spec": spec]
    }

    private struct Nothing: Decodable, Sendable {}

    /// Runs a script in a pod and works with its log.
    private func with<R>(
        _ script: String, initScript: String? = nil,
        _ body: (KubernetesClient, _ namespace: String) async throws -> R
    ) async throws -> R {
        try await TestClient.with(TestCluster.configuration()) { client in
            try await TestCluster.withNamespace { namespace in
                try await eventually("the namespace has its service account") {
                    (try? TestCluster.kubectl("get", "serviceaccount", "default", "-n", namespace)) != nil
                }
                _ = try await client.create(
                    Nothing.self, .pods, Self.pod("p", script, initScript: initScript), namespace: namespace)
                return try await body(client, namespace)
            }
        }
    }

    @Test("a log is what the container wrote: long lines, any bytes, no newline at the end")
    func content() async throws {
        // 40,000 bytes without a newline, carriage returns, all bytes but the newline, two streams, an open end.
        let script = """
            head -c 40000 /dev/zero | tr '\\0' a; printf '\\r50%%\\r100%%\\n\\n'
            printf '\\001\\002\\377\\376\\000 2026-11-22T00:00:00.000000000Z x\\n'
            for i in 1 2 3 4 5; do echo line $i; done; printf 'the open end 2026-1'
            """
        let expected =
            String(repeating: "a", count: 40_000) + "\r50%\r100%\n\n"
            + "BYTES 2026-11-22T00:00:00.000000000Z x\n" + (1...5).map { "line \($0)\n" }.joined()
            + "the open end 2026-1"
        try await with(script) { client, namespace in
            let reading = try await LogReading.of(client.followLog(namespace: namespace, pod: "p", container: "c"))
            let parts = expected.components(separatedBy: "BYTES")
            #expect(reading.bytes == Array(parts[0].utf8) + [1, 2, 255, 254, 0] + Array(parts[1].utf8))
            #expect(reading.events.isEmpty)
        }
    }

    @Test("init containers and those after them are followed from before they start")
    func phases() async throws {
        try await with("echo main", initScript: "echo first; sleep 2; echo second") { client, namespace in
            async let first = LogReading.of(client.followLog(namespace: namespace, pod: "p", container: "i"))
            async let second = LogReading.of(client.followLog(namespace: namespace, pod: "p", container: "c"))
            let (one, two) = try await (first, second)
            #expect(one.bytes == Array("first\nsecond\n".utf8) && one.events.isEmpty)
            #expect(two.bytes == Array("main\n".utf8) && two.events.isEmpty)
            // Once more, after the end.
            let again = try await LogReading.of(client.followLog(namespace: namespace, pod: "p", container: "i"))
            #expect(again.bytes == one.bytes)
        }
    }

    @Test("a log that is cut ten times, and whose server is gone for a while, loses and repeats no byte")
    func cuts() async throws {
        let admin = try TestCluster.configuration()
        let address = try #require(URL(string: admin.server))
        let proxy = try await GateProxy(toHost: address.host() ?? "", port: address.port ?? 443)
        let proxied = KubernetesConfiguration(
            server: "https://127.0.0.1:\(proxy.port)", namespace: "default", origin: "test", trust: admin.trust,
            login: admin.login)
        // Short and long lines, bursts of equal seconds, and no newline at the end: 600 times 20 lines.
        let script = """
            i=0; while [ $i -lt 600 ]; do j=0
            while [ $j -lt 20 ]; do echo "line $i.$j at 2026-11-22T00:00:00.000000000Z ."; j=$((j+1)); done
            [ $((i % 100)) = 50 ] && { head -c 50000 /dev/zero | tr '\\0' b; echo; sleep 1; }
            i=$((i+1)); done; printf end
            """
        var expected = ""
        for i in 0..<600 {
            for j in 0..<20 { expected += "line \(i).\(j) at 2026-11-22T00:00:00.000000000Z .\n" }
            if i % 100 == 50 { expected += String(repeating: "b", count: 50_000) + "\n" }
        }
        expected += "end"
        try await with(script) { _, namespace in
            try await TestClient.with(proxied) { client in
                var reading = LogReading()
                var cuts = 0
                for try await event in client.followLog(namespace: namespace, pod: "p", container: "c") {
                    reading.take(event)
                    if reading.bytes.count > (cuts + 1) * 60_000, cuts < 10 {
                        cuts += 1
                        proxy.cut()
                        if cuts == 5 {
                            proxy.shut()
                            Task {
                                try? await Task.sleep(for: .seconds(2))
                                proxy.open()
                            }
                        }
                    }
                }
                #expect(cuts == 10)
                #expect(reading.bytes == Array(expected.utf8))
                #expect(reading.incomplete.isEmpty && reading.interruptions.count == 1)
            }
        }
        await proxy.stop()
    }

    @Test("many short lines come whole")
    func lines() async throws {
        // Less than a node keeps in one file (10 MiB by default): what it rotates away from under a slow reader is lost.
        let script = "head -c 6000000 /dev/zero | tr '\\0' x | fold -w 200; echo; echo end"
        try await with(script) { client, namespace in
            let reading = try await LogReading.of(client.followLog(namespace: namespace, pod: "p", container: "c"))
            #expect(reading.bytes.count == 6_000_000 + 30_000 + 4 && reading.bytes.suffix(5) == Array("\nend\n".utf8))
            #expect(reading.events.isEmpty)
        }
    }

    @Test("a pod that is deleted in the middle ends the log")
    func deleted() async throws {
        try await with("echo begun; sleep 600") { client, namespace in
            var reading = LogReading()
            for try await event in client.followLog(namespace: namespace, pod: "p", container: "c") {
                reading.take(event)
                if reading.bytes == Array("begun\n".utf8), reading.events.isEmpty {
                    try await client.delete(.pods, namespace: namespace, name: "p")
                }
            }
            #expect(reading.bytes == Array("begun\n".utf8))
        }
    }
}
