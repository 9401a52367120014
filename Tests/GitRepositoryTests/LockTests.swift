import GitProtocol
import GitRepository
import NIOPosix
import Synchronization
import Testing

@Suite("Promoting beside others", .timeLimit(.minutes(5)))
struct LockTests {
    let workspace: Workspace
    let repository: Repository
    let one: ObjectID
    let log = RecordingLog()

    init() async throws {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        workspace = try Workspace(pool: pool, logger: log.logger)
        repository = try await workspace.repository()
        one = try await workspace.id("git init -q w && cd w && commit one && git push -q $R main:refs/keep/one")
    }

    /// Promotes, and measures how much of that time at most the only thread of the pool let nobody else have it.
    private func promote(
        _ updates: [RefCommand], atomic: Bool = false
    ) async throws -> (results: [RefName: RefResult], longestShare: Double) {
        let isDone = Atomic(false)
        let clock = ContinuousClock()
        let start = clock.now
        async let results = {
            defer { isDone.store(true, ordering: .relaxed) }
            return try await repository.inQuarantine { try await $0.promote(updates, atomic: atomic) }
        }()
        var longest: Duration = .zero
        while !isDone.load(ordering: .relaxed) {
            longest = max(longest, try await clock.measure { _ = try await repository.head() })
        }
        return (try await results, longest / (clock.now - start))
    }

    /// Checks that each ref is where its result says.
    private func expectTruth(of results: [RefName: RefResult]) async throws {
        let names = Set(try await repository.references().map { Array($0.name.utf8) })
        for (name, result) in results {
            #expect((result == .ok) == names.contains(Array(name.rawValue.utf8)), "\(name): \(result)")
        }
    }

    @Test("a lock that stays is waited for a moment, off the thread, then told and logged", arguments: [true, false])
    func locked(atomic: Bool) async throws {
        try await workspace.sh("mkdir -p $R/refs/heads && touch $R/refs/heads/main.lock")
        let (results, longestShare) = try await promote(
            [RefCommand("refs/heads/a", to: one), RefCommand("refs/heads/main", to: one)], atomic: atomic)
        #expect(results.of("refs/heads/main") == "failed to update ref")
        #expect(results.of("refs/heads/a") == (atomic ? "failed to update ref" : "ok"))
        #expect(longestShare < 0.5)
        let line = try #require(log.lines.last)
        #expect(line.hasPrefix("error: a ref was not updated"))
        #expect(line.contains("refs/heads/main"))
        #expect(line.contains("lock"))
        #expect(try await repository.references().count == (atomic ? 1 : 2))
    }

    @Test("a lock that goes is no reason to fail", arguments: [true, false])
    func unlocked(atomic: Bool) async throws {
        try await workspace.sh("mkdir -p $R/refs/heads && touch $R/refs/heads/main.lock")
        async let results = promote([RefCommand("refs/heads/main", to: one)], atomic: atomic)
        // As long as somebody else may take for a slow commit, and longer than a few tries.
        try await workspace.sh("sleep 0.2; rm $R/refs/heads/main.lock")
        #expect(try await results.results.of("refs/heads/main") == "ok")
        #expect(log.lines == [])
    }

    @Test("hundreds of refs leave the thread to others in between")
    func pieces() async throws {
        let (results, longestShare) = try await promote((0..<1280).map { try RefCommand("refs/heads/b\($0)", to: one) })
        #expect(results.count == 1280 && results.values.allSatisfy { $0 == .ok })
        #expect(longestShare < 0.5)
    }

    @Test("a ref that the disk refuses is told, and its cause is logged", arguments: [true, false])
    func refused(atomic: Bool) async throws {
        // A directory with something in it where the ref's file has to go.
        try await workspace.sh("mkdir -p $R/refs/heads/main/x && echo y >$R/refs/heads/main/x/y.lock")
        let names = (0..<16).map { "refs/heads/b\($0)" } + ["refs/heads/main"]
        let (results, _) = try await promote(names.map { try RefCommand($0, to: one) }, atomic: atomic)
        #expect(results.of("refs/heads/main") == "failed to update ref")
        try await expectTruth(of: results)
        #expect(log.lines.contains { $0.hasPrefix("error: a ref was not updated") && $0.contains("refs/heads/main") })
    }

    @Test("a commit that ends in the middle is told as it is")
    func middle() async throws {
        // Removing a packed ref needs a lock that the others do not.
        try await workspace.sh("git -C $R pack-refs --all && touch $R/packed-refs.lock")
        let creations = try (0..<16).map { try RefCommand("refs/heads/b\($0)", to: one) }
        var results = try await promote(
            creations + [RefCommand("refs/keep/one", from: one, to: .zero)], atomic: true
        ).results
        #expect(results.of("refs/keep/one") == "failed to update ref")
        results = results.filter { $0.key.branch != nil }
        #expect(results.count == 16)
        try await expectTruth(of: results)
        #expect(log.lines.contains { $0.hasPrefix("error: a ref was not updated") })
    }
}
