import Builds
import Testing

@testable import PushPipeline

@Suite struct PushInputTests {
    @Test("bytes that were read too far come first")
    func pushBack() async throws {
        let input = PushInput(channel: ScriptedChannel(input: [[3, 4]]), idleTimeout: .seconds(60))
        input.pushBack([1, 2])
        #expect(try await input.read() == [1, 2])
        #expect(try await input.read() == [3, 4])
        #expect(try await input.read() == nil)
        #expect(input.byteCount == 2)
    }

    @Test("a client that falls silent is given up")
    func silence() async throws {
        let input = PushInput(channel: ScriptedChannel(ending: .silence), idleTimeout: .milliseconds(10))
        await #expect(throws: ClientSilent.self) { try await input.watched { try await input.read() } }
    }

    @Test("once all has come, silence is no fault")
    func complete() async throws {
        let input = PushInput(channel: ScriptedChannel(ending: .silence), idleTimeout: .milliseconds(10))
        input.isComplete()
        // Ten times the limit, and it still waits.
        await #expect(throws: TimeLimitError.self) {
            try await withTimeLimit(.milliseconds(100)) { try await input.watched { try await input.read() } }
        }
    }

    @Test("the rest of a refused pack is read up to a limit, and a client that hung up is no trouble")
    func discard() async throws {
        let chunks = [[UInt8]](repeating: [UInt8](repeating: 0, count: 1 << 20), count: 100)
        let input = PushInput(channel: ScriptedChannel(input: chunks), idleTimeout: .seconds(60))
        await input.discardRest()
        #expect(input.byteCount == 64 << 20)
        await PushInput(channel: ScriptedChannel(isGone: true), idleTimeout: .seconds(60)).discardRest()
    }
}
