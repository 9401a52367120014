import Testing

@testable import Builds

@Suite struct ChunkChannelTests {
    private struct Failure: Error {}

    @Test("chunks arrive in order")
    func order() async throws {
        let channel = ChunkChannel()
        let producer = Task {
            for byte in UInt8(0)..<200 { try await channel.send([byte]) }
            channel.finish()
        }
        var received: [UInt8] = []
        while let chunk = try await channel.next() { received += chunk }
        try await producer.value
        #expect(received == Array(0..<200))
    }

    @Test("a failure of the consumer ends a producer that waits")
    func failure() async throws {
        let channel = ChunkChannel()
        try await channel.send([1])
        let producer = Task { try await channel.send([2]) }
        channel.fail(Failure())
        await #expect(throws: Failure.self) { try await producer.value }
        await #expect(throws: Failure.self) { try await channel.send([3]) }
    }

    @Test("cancellation ends whoever waits")
    func cancellation() async throws {
        let consumer = Task { try await ChunkChannel().next() }
        consumer.cancel()
        await #expect(throws: CancellationError.self) { try await consumer.value }
        let full = ChunkChannel()
        try await full.send([1])
        let producer = Task { try await full.send([2]) }
        producer.cancel()
        await #expect(throws: CancellationError.self) { try await producer.value }
    }
}
