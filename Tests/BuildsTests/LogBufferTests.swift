import Synchronization
import TestSupport
import Testing

@testable import Builds

@Suite("What waits to be stored")
struct LogBufferTests {
    private struct Failure: Error {}

    @Test("bytes come out in order, never more at once than fit", arguments: [1, 7, 64])
    func order(capacity: Int) async throws {
        let buffer = LogBuffer(capacity: capacity, delay: .milliseconds(1))
        var generator = SeededGenerator(seed: UInt64(capacity))
        let chunks = (0..<100).map { _ in
            (0..<Int.random(in: 0...20, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
        }
        let producer = Task {
            for chunk in chunks { try await buffer.append(chunk) }
            buffer.finish()
        }
        var received: [UInt8] = []
        while true {
            let (bytes, isLast) = try await buffer.next()
            #expect(bytes.count <= capacity)
            received += bytes
            if isLast { break }
            #expect(!bytes.isEmpty)
        }
        try await producer.value
        #expect(received == chunks.flatMap(\.self))
        #expect(buffer.total.bytes == Int64(received.count))
    }

    @Test("a part waits until it is full or old enough")
    func delay() async throws {
        let patient = LogBuffer(capacity: 3, delay: .seconds(3600))
        let full = Task { try await patient.next().bytes }
        for byte in UInt8(1)...3 { try await patient.append([byte]) }
        #expect(try await full.value == [1, 2, 3])
        let hasty = LogBuffer(capacity: 3, delay: .milliseconds(50))
        let start = ContinuousClock.now
        try await hasty.append([1])
        let (bytes, isLast) = try await hasty.next()
        #expect(bytes == [1])
        #expect(!isLast)
        #expect(ContinuousClock.now - start >= .milliseconds(50))
    }

    @Test("a failure ends those who write, and what came before it can still be taken")
    func failure() async throws {
        let buffer = LogBuffer(capacity: 2, delay: .zero)
        let producer = Task { try await buffer.append([1, 2, 3]) }
        try await eventually("the buffer is full") { buffer.total.bytes == 2 }
        buffer.fail(Failure())
        await #expect(throws: Failure.self) { try await producer.value }
        await #expect(throws: Failure.self) { try await buffer.append([4]) }
        buffer.finish()
        #expect(try await buffer.rest() == [1, 2])
    }

    @Test("cancellation ends whoever waits, and the end ends whoever writes")
    func cancellation() async throws {
        let empty = LogBuffer(capacity: 1, delay: .zero)
        let consumer = Task { try await empty.next() }
        consumer.cancel()
        await #expect(throws: CancellationError.self) { try await consumer.value }
        try await empty.append([1])
        let cancelled = Task { try await empty.append([2]) }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        let late = Task { try await empty.append([3]) }
        empty.finish()
        await #expect(throws: CancellationError.self) { try await late.value }
        #expect(try await empty.next().bytes == [1])
    }
}
