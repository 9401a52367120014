import GitRepository
import Glibc
import Identifiers
import Synchronization
import TestSupport
import Testing

@Suite("Deleting beside pushes and fetches", .timeLimit(.minutes(5)))
struct AppLockTests {
    let workspace: Workspace
    let blog: AppName

    init() throws {
        workspace = try Workspace()
        blog = try AppName("blog")
    }

    /// Whether another process could have the app to itself now.
    private func isFree() throws -> Bool {
        try Tool.run(["flock", "-n", "-x", workspace.path + "/data/.locks/blog", "true"]).status == 0
    }

    @Test("other processes see a push as long as it runs, however it ends", arguments: [true, false])
    func push(succeeds: Bool) async throws {
        struct Failed: Error {}
        let repository = try await workspace.repository()
        try? await repository.inQuarantine { [self] _ in
            #expect(try !isFree())
            if !succeeds { throw Failed() }
        }
        #expect(try isFree())
    }

    @Test("other processes see a fetch, and a deletion names it")
    func fetch() async throws {
        let repository = try await workspace.repository()
        let (started, continuation) = AsyncStream.makeStream(of: Void.self)
        let fetch = Task {
            try await repository.uploadPack(
                gitProtocol: "version=2", readInput: endless([]), writeOutput: { _ in continuation.yield() },
                writeError: { _ in })
        }
        for await _ in started { break }
        #expect(try !isFree())
        let error = await #expect(throws: AppBusyError.self) {
            try await workspace.store.delete(blog, patience: .zero) {}
        }
        #expect(
            error?.description == "a fetch of blog is running; nothing was deleted; try again when it has ended")
        fetch.cancel()
        _ = await fetch.result
        #expect(try isFree())
    }

    @Test("pushes and fetches do not wait for each other")
    func shared() async throws {
        let repository = try await workspace.repository()
        try await repository.inQuarantine { _ in
            try await repository.inQuarantine { _ in }
            _ = try await repository.uploadPack(
                gitProtocol: nil, readInput: { nil }, writeOutput: { _ in }, writeError: { _ in })
        }
    }

    @Test("a deletion has the app to itself, and lets go of it however it ends", arguments: [true, false])
    func deletion(succeeds: Bool) async throws {
        struct Failed: Error {}
        _ = try await workspace.repository()
        do {
            _ = try await workspace.store.delete(blog) { [self] in
                #expect(try !isFree())
                #expect(try await !workspace.store.exists(blog))
                let error = await #expect(throws: AppBusyError.self) {
                    try await workspace.store.delete(blog, patience: .zero) {}
                }
                #expect(error?.use == .deletion)
                if !succeeds { throw Failed() }
            }
        } catch is Failed {}
        #expect(try await workspace.store.hasTraces(of: blog) == !succeeds)
        #expect(try await workspace.sh("find data/.locks -type f | wc -l") == (succeeds ? "0" : "1"))
        #expect(try isFree())
    }

    @Test("a push that began before the deletion and got its turn after it is told")
    func deleted() async throws {
        let repository = try await workspace.repository()
        let (_, result) = try await workspace.store.delete(blog) { 1 }
        #expect(result == 1)
        let error = await #expect(throws: AppDeletedError.self) { try await repository.inQuarantine { _ in } }
        #expect(
            error?.description == "blog was deleted a moment ago, or still is being; push again to begin anew")
        let again = try await workspace.repository()
        #expect(try await again.inQuarantine { _ in true })
    }

    /// How many have the app to themselves.
    private final class Holders: Sendable {
        private let count = Mutex(0)

        func enter() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }

        func leave() { count.withLock { $0 -= 1 } }
    }

    @Test("who waited for a lock that was removed has the new one, not the old")
    func removedLock() async throws {
        let (store, blog) = (workspace.store, blog)
        let holders = Holders()
        _ = try await workspace.repository()
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    _ = try await store.delete(blog, patience: .seconds(60)) {
                        #expect(holders.enter() == 1)
                        await Task.yield()
                        holders.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("an app that was never there is deleted at once")
    func never() async throws {
        let (hadRepository, _) = try await workspace.store.delete(blog) {}
        #expect(!hadRepository)
        #expect(try await !workspace.store.hasTraces(of: blog))
    }

    @Test("a wait for the lock ends with the task")
    func cancelled() async throws {
        let (store, blog) = (workspace.store, blog)
        let repository = try await workspace.repository()
        try await repository.inQuarantine { _ in
            let deletion = Task { try await store.delete(blog, patience: .seconds(3600)) {} }
            deletion.cancel()
            await #expect(throws: CancellationError.self) { try await deletion.value }
        }
    }
}
