import Builds
import FoundationEssentials
import Testing

@Suite("Time limit")
struct TimeLimitTests {
    private struct Refused: Error {}

    @Test("what ends in time gives its result, or its own error")
    func inTime() async throws {
        #expect(try await withTimeLimit(.seconds(60)) { 7 } == 7)
        await #expect(throws: Refused.self) { try await withTimeLimit(.seconds(60)) { throw Refused() } }
    }

    @Test("what takes too long is cancelled, and the error names the limit")
    func tooLong() async throws {
        let error = await #expect(throws: TimeLimitError.self) {
            try await withTimeLimit(.milliseconds(10)) { try await Task.sleep(for: .seconds(3600)) }
        }
        #expect(error?.description == "it took longer than 0.01 seconds")
    }

    @Test("limits that are never reached keep no memory until their time")
    func memory() async {
        // In a process of its own: other tests of this one take memory at the same time.
        await #expect(processExitsWith: .success) {
            func resident() throws -> Int {
                let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
                return try #require(text.split(separator: " ").dropFirst().first.flatMap { Int($0) }) * 4096
            }
            func many(_ count: Int) async throws {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<50 {
                        group.addTask {
                            // Long enough for the limit to have begun to count.
                            for _ in 0..<count / 50 {
                                try await withTimeLimit(.seconds(3600)) { try await Task.sleep(for: .milliseconds(2)) }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            try await many(1_000)
            let before = try resident()
            try await many(20_000)
            let growth = try resident() - before
            #expect(growth < 6 << 20, "\(growth >> 20) MiB")
        }
    }
}
