import GitRepository
import Glibc
import Identifiers
import NIOPosix
import ObjectStorage
import Synchronization
import TestSupport
import Testing

@testable import Retention

@Suite("Deleting an app", .timeLimit(.minutes(5))) struct AppDeletionTests {
    let store: TestStore
    let repositories: RepositoryStore
    let deletion: AppDeletion
    let blog: AppName

    init() async throws {
        signal(SIGPIPE, SIG_IGN)
        store = try TestStore()
        repositories = try RepositoryStore(root: store.directory("repositories"), pool: .singleton, git: .locate())
        deletion = AppDeletion(store: store, repositories: repositories)
        blog = try AppName("blog")
        for app in ["blog", "blog-2", "b"] {
            _ = try await repositories.openOrCreate(AppName(app))
            try await store.addBuild(app, age: day, parts: 2)
            try await store.addSource(app, age: day, 1)
        }
        try await store.add("apps/blog/notes", age: day)
    }

    private func repositoryNames() throws -> String {
        try Tool.run(["ls", "-A", store.directory("repositories")]).text
    }

    @Test("all of it goes, nothing of others does, and a new app of that name starts empty")
    func all() async throws {
        let contents = try await deletion.survey(blog)
        #expect(contents.hasRepository && contents.objects == 7)
        #expect(contents.description.hasPrefix("the repository of blog and 7 objects ("))
        #expect(try await deletion.run(blog) == contents)
        #expect(try await store.keys("apps/blog/").isEmpty)
        #expect(try await store.keys().count == 12)
        #expect(try repositoryNames() == ".locks\nb.git\nblog-2.git")
        #expect(try Tool.run(["ls", "-A", store.directory("repositories/.locks")]).text == "")
        let after = try await deletion.survey(blog)
        #expect(after.isEmpty)
        #expect(after.description == "nothing of blog: it has neither a repository nor objects")
        #expect(try await repositories.openOrCreate(blog).references().isEmpty)
    }

    @Test("more objects than one request deletes go as well")
    func many() async throws {
        for number in 0..<1203 { try await store.add("apps/blog/n/\(number)", age: 0) }
        #expect(try await deletion.run(blog).objects == 1210)
        #expect(try await store.keys("apps/blog/").isEmpty)
    }

    @Test("an app that only the store knows goes too")
    func withoutRepository() async throws {
        let app = try AppName("lost")
        try await store.addBuild("lost", age: day)
        let contents = try await deletion.run(app)
        #expect(contents.description.hasPrefix("3 objects ("))
        #expect(contents.description.hasSuffix(" of lost, which has no repository"))
        #expect(try await store.keys("apps/lost/").isEmpty)
    }

    @Test("while a push runs nothing is deleted, and the push is named")
    func busy() async throws {
        let id = PushID.generate()
        let error = await #expect(throws: AppBusyError.self) {
            try await repositories.repository(for: blog).withQuarantine(push: id.rawValue) { _ in
                try await deletion.run(blog, patience: .zero)
            }
        }
        #expect(
            error?.description
                == "a push to blog is running (\(id)); nothing was deleted; try again when it has ended")
        #expect(try await repositories.exists(blog))
        #expect(try await store.keys("apps/blog/").count == 7)
        #expect(try await deletion.run(blog, patience: .zero).objects == 7)
    }

    @Test("a push that comes meanwhile waits, and then finds an app that is empty")
    func pushMeanwhile() async throws {
        let (blog, repositories, store) = (blog, repositories, store)
        let push = Mutex<Task<[String], any Error>?>(nil)
        store.intercept { event in
            guard case .delete = event, push.withLock({ $0 == nil }) else { return }
            // The repository is out of the way; this is what a push does first.
            let repository = try await repositories.openOrCreate(blog)
            let task = Task {
                try await repository.withQuarantine(push: "1") { _ in try await store.keys("apps/blog/") }
            }
            push.withLock { $0 = task }
            // It would be there if nothing held it.
            for _ in 0..<20 { await Task.yield() }
        }
        #expect(try await deletion.run(blog).objects == 7)
        #expect(try await push.withLock { $0 }?.value == [])
        #expect(try await repositories.exists(blog))
        #expect(try await store.keys("apps/blog/").isEmpty)
    }

    @Test("one that was interrupted is finished by the next", arguments: [false, true])
    func interrupted(serverStartsBetween: Bool) async throws {
        store.intercept { event in
            guard case .delete(let keys) = event else { return }
            throw ObjectStoreError(.unreachable, .delete, keys[0])
        }
        await #expect(throws: ObjectStoreError.self) { try await deletion.run(blog) }
        store.intercept(nil)
        #expect(try await !repositories.exists(blog))
        #expect(try await repositories.hasTraces(of: blog))
        #expect(try await !repositories.hasTraces(of: AppName("blo")))
        if serverStartsBetween { #expect(try await repositories.removeStaleQuarantines() == 1) }
        let contents = try await deletion.run(blog)
        #expect(contents.objects == 7 && contents.hasRepository == !serverStartsBetween)
        #expect(try await deletion.survey(blog).isEmpty)
        #expect(try repositoryNames() == ".locks\nb.git\nblog-2.git")
    }

    @Test("two at once do what one does")
    func two() async throws {
        let (deletion, blog) = (deletion, blog)
        async let first = deletion.run(blog, patience: .seconds(120))
        async let second = deletion.run(blog, patience: .seconds(120))
        #expect(try await first.objects + second.objects == 7)
        #expect(try await deletion.survey(blog).isEmpty)
    }
}
