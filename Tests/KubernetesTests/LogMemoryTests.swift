import Foundation
import TestSupport
import Testing

@testable import Kubernetes

@Suite("Large logs", .serialized, .timeLimit(.minutes(5)))
struct LogMemoryTests {
    @Test("a log of 100 MB passes through in little memory, and a slow reader makes the server wait")
    func memory() async {
        // In a process of its own: others take memory, too.
        await #expect(processExitsWith: .success) {
            let line = Array(repeating: UInt8(ascii: "x"), count: 4999) + [UInt8(ascii: "\n")]
            let block = (0..<20).flatMap { LogFile.stamp(LogFile.start + $0) + line }
            let blocks = 1000
            let pod =
                #"{"metadata":{"uid":"u"},"spec":{"containers":[{"name":"c"}]},"#
                + #""status":{"containerStatuses":[{"name":"c","state":{"running":{}}}]}}"#
            let server = try await FakeServer { request, response in
                guard request.path.hasSuffix("/log") else { return try await response.answer(200, pod) }
                try await response.head(200)
                for _ in 0..<blocks { try await response.write(block) }
                await response.stall()
            }
            try await TestClient.with(server.url) { client in
                var bytes = 0
                let before = Self.residentBytes()
                var most = 0
                for try await event in client.followLog(namespace: "n", pod: "p", container: "c") {
                    guard case .bytes(let more) = event else { continue }
                    #expect(more.count <= client.limits.logChunk)
                    if bytes / 4_000_000 != (bytes + more.count) / 4_000_000 {
                        most = max(most, Self.residentBytes() - before)
                        // All of it would be here by now if the server did not have to wait.
                        if bytes < 20_000_000 { try await Task.sleep(for: .milliseconds(200)) }
                    }
                    bytes += more.count
                    if bytes == blocks * 20 * line.count { break }
                }
                #expect(most < 64 << 20, "\(most) bytes more than before")
            }
            await server.stop()
        }
    }

    /// Resident memory of this process; proc(5), statm.
    private static func residentBytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0) * 4096
    }
}
