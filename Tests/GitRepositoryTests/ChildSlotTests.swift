import GitProtocol
import Synchronization
import TestSupport
import Testing

@testable import GitRepository

@Suite("How many git children run at once", .timeLimit(.minutes(5)))
struct ChildSlotTests {
    /// Keeps what happened, in order.
    private final class Journal: Sendable {
        private let stored = Mutex<[String]>([])
        var lines: [String] { stored.withLock { $0 } }
        func add(_ line: String) { stored.withLock { $0.append(line) } }
    }

    @Test("turns go to those who wait, first come first served; who is cancelled leaves the line")
    func inOrder() async throws {
        let (slots, journal) = (ChildSlots(1), Journal())
        try await slots.withSlot {
            var waiting: [Task<Void, any Error>] = []
            for index in 0..<6 {
                waiting.append(Task { try await slots.withSlot { journal.add("\(index)") } })
                try await eventually("\(index) waits") { slots.waitingCount == index + 1 }
            }
            for index in [0, 3] {
                waiting[index].cancel()
                await #expect(throws: CancellationError.self) { try await waiting[index].value }
            }
            #expect(slots.waitingCount == 4)
            #expect(journal.lines == [])
        }
        try await eventually("all had their turn") { journal.lines.count == 4 }
        #expect(journal.lines == ["1", "2", "4", "5"])
        try await slots.withSlot { journal.add("end") }
        #expect(journal.lines.last == "end")
    }

    @Test("a turn is given back by who fails, and not taken by who is cancelled before")
    func givenBack() async throws {
        struct Failure: Error {}
        let slots = ChildSlots(1)
        await #expect(throws: Failure.self) { try await slots.withSlot { throw Failure() } }
        let task = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            try await slots.withSlot {}
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await slots.withSlot { slots.waitingCount } == 0)
    }

    @Test("a push waits while another has the only turn; a fetch has turns of its own")
    func apart() async throws {
        let git = try GitTool.locate(maximumChildren: 1, maximumFetches: 1)
        let workspace = try Workspace(git: git)
        let repository = try await workspace.repository()
        let pack = try await workspace.bytes(
            "git init -q w && cd w && seq 90000 >f && commit one >&2 && git pack-objects --all --stdout -q </dev/null")
        let (started, continuation) = AsyncStream.makeStream(of: Void.self)
        let push = Task {
            let rest = endless([])
            return try await repository.inQuarantine { quarantine in
                try await quarantine.ingest(initial: Array(pack.prefix(50_000))) {
                    continuation.yield()
                    return try await rest()
                }
            }
        }
        for await _ in started { break }
        let other = Task { try await git.version() }
        try await eventually("the other child waits") { git.pushSlots.waitingCount == 1 }
        let status = try await repository.uploadPack(
            gitProtocol: nil, readInput: { nil }, writeOutput: { _ in }, writeError: { _ in })
        #expect(status == 0 || status == 128)
        #expect(git.pushSlots.waitingCount == 1)
        push.cancel()
        await #expect(throws: CancellationError.self) { try await push.value }
        #expect(try await other.value.hasPrefix("2."))
    }
}
