import Synchronization
import TestSupport
import Testing

@testable import Kubernetes

@Suite("Bytes between two tasks", .timeLimit(.minutes(2)))
struct MailboxTests {
    @Test("all bytes come through in order, and the writer never gets far ahead", arguments: Array<UInt64>(1...10))
    func order(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let pieces = (0..<200).map { index in
            Array(repeating: UInt8(index), count: Int.random(in: 1...50, using: &random))
        }
        let mailbox = Mailbox(capacity: 100)
        let writer = Task {
            for piece in pieces { #expect(await mailbox.put(piece)) }
            mailbox.finish(nil)
        }
        var found: [UInt8] = []
        loop: while true {
            switch try await mailbox.take(within: .seconds(60)) {
            case .bytes(let bytes):
                #expect(bytes.count < 150)
                found += bytes
            case .end: break loop
            case .silence: Issue.record("silence")
            }
        }
        await writer.value
        #expect(found == pieces.flatMap { $0 })
    }

    @Test("a silence has an end, again and again")
    func silence() async throws {
        let mailbox = Mailbox(capacity: 100)
        for _ in 0..<3 {
            let began = ContinuousClock.now
            #expect(try await mailbox.take(within: .milliseconds(30)) == .silence)
            #expect(ContinuousClock.now - began >= .milliseconds(25))
        }
        // The timer of a short wait that was satisfied must not end a longer one behind it.
        let short = Task { try await mailbox.take(within: .seconds(1)) }
        _ = await mailbox.put([1])
        #expect(try await short.value == .bytes([1]))
        let late = Task { try await mailbox.take(within: .seconds(60)) }
        try await Task.sleep(for: .milliseconds(1200))
        _ = await mailbox.put([2])
        #expect(try await late.value == .bytes([2]))
    }

    @Test("a short wait behind a long one is no longer for that")
    func shorter() async throws {
        let mailbox = Mailbox(capacity: 100)
        let long = Task { try await mailbox.take(within: .seconds(600)) }
        try await eventually("somebody waits") { mailbox.isAwaited }
        _ = await mailbox.put([1])
        #expect(try await long.value == .bytes([1]))
        #expect(try await mailbox.take(within: .milliseconds(20)) == .silence)
    }

    @Test("a wait ends when its task is cancelled, before or after it began", arguments: [true, false])
    func cancellation(early: Bool) async throws {
        let mailbox = Mailbox(capacity: 100)
        let task = Task {
            if early { while !Task.isCancelled { await Task.yield() } }
            return try await mailbox.take(within: .seconds(600))
        }
        if !early { try await Task.sleep(for: .milliseconds(20)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
    }

    @Test("a writer that waits is let go when nobody will read, and an error comes after the bytes")
    func ends() async throws {
        struct Broken: Error {}
        let mailbox = Mailbox(capacity: 1)
        let writer = Task { await mailbox.put([1]) }
        try await Task.sleep(for: .milliseconds(20))
        mailbox.close()
        #expect(await writer.value == false)
        mailbox.finish(Broken())
        #expect(try await mailbox.take(within: .seconds(1)) == .bytes([1]))
        await #expect(throws: Broken.self) { try await mailbox.take(within: .seconds(1)) }
    }
}
