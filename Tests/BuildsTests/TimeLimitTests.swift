import Builds
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
}
