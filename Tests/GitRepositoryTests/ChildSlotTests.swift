import GitProtocol
import GitRepository
import Identifiers
import Synchronization
import Testing

@Suite("How many git children run at once", .timeLimit(.minutes(5)))
struct ChildSlotTests {
    let workspace: Workspace
    let repository: Repository
    let git: GitTool

    init() async throws {
        git = try GitTool.locate(maximumChildren: 1, maximumFetches: 1)
        workspace = try Workspace(git: git)
        repository = try await workspace.repository()
    }

    /// Runs a body while a client that sends half a pack has the only turn.
    private func whileTaken(_ body: () async throws -> Void) async throws {
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
        try await body()
        push.cancel()
        await #expect(throws: CancellationError.self) { try await push.value }
    }

    @Test("who waits for a turn gets it when it is free, and a fetch has turns of its own")
    func waits() async throws {
        let answered = Atomic(false)
        let waiting = Mutex<Task<Void, any Error>?>(nil)
        try await whileTaken {
            let task = Task {
                _ = try await git.version()
                answered.store(true, ordering: .relaxed)
            }
            waiting.withLock { $0 = task }
            let output = Mutex<[UInt8]>([])
            _ = try await repository.uploadPack(
                gitProtocol: nil, readInput: { nil }, writeOutput: { bytes in output.withLock { $0 += bytes } },
                writeError: { _ in })
            #expect(output.withLock { !$0.isEmpty })
            // A whole other child has run meanwhile.
            #expect(!answered.load(ordering: .relaxed))
        }
        try await waiting.withLock { $0 }?.value
        #expect(answered.load(ordering: .relaxed))
    }

    @Test("who is cancelled while waiting leaves the line, and the turn is not lost")
    func cancelled() async throws {
        try await whileTaken {
            let waiting = (0..<5).map { _ in Task { try await git.version() } }
            for task in waiting { task.cancel() }
            for task in waiting { await #expect(throws: CancellationError.self) { try await task.value } }
        }
        #expect(try await git.version().hasPrefix("2."))
    }

    @Test("many more than there are turns all come to their end")
    func crowd() async throws {
        try await withThrowingTaskGroup { group in
            for _ in 0..<20 {
                group.addTask { [git] in try await git.version() }
            }
            for try await version in group { #expect(version.hasPrefix("2.")) }
        }
    }
}
