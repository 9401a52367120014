import GitProtocol
import Glibc
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import GitRepository

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

    private func promote(_ updates: [RefCommand], atomic: Bool = false) async throws -> [RefName: RefResult] {
        try await repository.inQuarantine { try await $0.promote(updates, atomic: atomic) }
    }

    /// Promotes, and has `work` run on the pool's only thread in turn with the promotion: it is always the next in the queue.
    private func promote(
        _ updates: [RefCommand], atomic: Bool = false, inTurnWith work: @escaping @Sendable () -> Void
    ) async throws -> [RefName: RefResult] {
        let isDone = Atomic(false)
        let pool = workspace.store.pool
        @Sendable func turn(_ state: NIOThreadPool.WorkItemState) {
            guard state == .active, !isDone.load(ordering: .relaxed) else { return }
            work()
            pool.submit(turn)
        }
        pool.submit(turn)
        defer { isDone.store(true, ordering: .relaxed) }
        return try await promote(updates, atomic: atomic)
    }

    /// Checks that each ref is where its result says.
    private func expectTruth(of results: [RefName: RefResult]) async throws {
        let names = Set(try await repository.references().map { Array($0.name.utf8) })
        for (name, result) in results {
            #expect((result == .ok) == names.contains(Array(name.rawValue.utf8)), "\(name): \(result)")
        }
    }

    @Test("a lock that stays is told and logged", arguments: [true, false])
    func locked(atomic: Bool) async throws {
        try await workspace.sh("mkdir -p $R/refs/heads && touch $R/refs/heads/main.lock")
        let results = try await promote(
            [RefCommand("refs/heads/a", to: one), RefCommand("refs/heads/main", to: one)], atomic: atomic)
        #expect(results.of("refs/heads/main") == "failed to update ref")
        #expect(results.of("refs/heads/a") == (atomic ? "failed to update ref" : "ok"))
        let line = try #require(log.lines.last)
        #expect(line.hasPrefix("error: a ref was not updated"))
        #expect(line.contains("refs/heads/main"))
        #expect(line.contains("lock"))
        #expect(try await repository.references().count == (atomic ? 1 : 2))
    }

    @Test("a lock that goes is no reason to fail, and is not waited for on the thread", arguments: [true, false])
    func unlocked(atomic: Bool) async throws {
        let folder = try await workspace.sh(
            "mkdir -p $R/refs/heads && cd $R/refs/heads && touch main.lock && touch -d @1 . && pwd")
        // The first try takes the lock of `a` and lets go of it, which changes the directory. It goes then, and not before; if
        // the thread were kept until the wait is over, it would go too late.
        let results = try await promote(
            [RefCommand("refs/heads/a", to: one), RefCommand("refs/heads/main", to: one)], atomic: atomic
        ) {
            var status = stat()
            if unsafe stat(folder, &status) == 0, status.st_mtim.tv_sec != 1 { unsafe unlink("\(folder)/main.lock") }
        }
        #expect(results.of("refs/heads/a") == "ok" && results.of("refs/heads/main") == "ok")
        #expect(log.lines == [])
    }

    @Test("hundreds of refs leave the thread to others in between")
    func pieces() async throws {
        let folder = try await workspace.sh("mkdir -p $R/refs/heads && cd $R/refs/heads && pwd")
        let seen = Mutex<Set<Int>>([])
        let results = try await promote((0..<1280).map { try RefCommand("refs/heads/b\($0)", to: one) }) {
            guard let names = try? Directory.names(in: folder) else { return }
            _ = seen.withLock { $0.insert(names.count) }
        }
        #expect(results.count == 1280 && results.values.allSatisfy { $0 == .ok })
        // Others had their turn after every 64.
        #expect(seen.withLock { $0 }.isSuperset(of: stride(from: 64, to: 1280, by: 64)))
    }

    @Test("a ref that the disk refuses is told, and its cause is logged", arguments: [true, false])
    func refused(atomic: Bool) async throws {
        // A directory with something in it where the ref's file has to go.
        try await workspace.sh("mkdir -p $R/refs/heads/main/x && echo y >$R/refs/heads/main/x/y.lock")
        let names = (0..<16).map { "refs/heads/b\($0)" } + ["refs/heads/main"]
        let results = try await promote(names.map { try RefCommand($0, to: one) }, atomic: atomic)
        #expect(results.of("refs/heads/main") == "failed to update ref")
        try await expectTruth(of: results)
        #expect(log.lines.contains { $0.hasPrefix("error: a ref was not updated") && $0.contains("refs/heads/main") })
    }

    @Test("a commit that ends in the middle is told as it is")
    func middle() async throws {
        // Removing a packed ref needs a lock that the others do not.
        try await workspace.sh("git -C $R pack-refs --all && touch $R/packed-refs.lock")
        let creations = try (0..<16).map { try RefCommand("refs/heads/b\($0)", to: one) }
        var results = try await promote(creations + [RefCommand("refs/keep/one", from: one, to: .zero)], atomic: true)
        #expect(results.of("refs/keep/one") == "failed to update ref")
        results = results.filter { $0.key.branch != nil }
        #expect(results.count == 16)
        try await expectTruth(of: results)
        #expect(log.lines.contains { $0.hasPrefix("error: a ref was not updated") })
    }
}
