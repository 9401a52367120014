import GitProtocol
import GitRepository
import Testing

@Suite("Connectivity")
struct ConnectivityTests {
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
    }

    @Test("a tip that was not sent is named")
    func unknownTip() async throws {
        let repository = try await workspace.repository()
        let tip = try #require(ObjectID(String(repeating: "ab", count: 20)))
        await #expect(throws: ConnectivityError.missing(tip)) {
            try await repository.inQuarantine { try await $0.checkConnectivity([tip]) }
        }
    }

    @Test("an object that is here but hangs in the air is not enough")
    func danglingHistory() async throws {
        let repository = try await workspace.repository()
        let commit = try await workspace.id(
            """
            git init -q w && cd w && commit one >&2 && commit two
            git cat-file commit HEAD | git -C $R hash-object -w -t commit --stdin >&2
            git cat-file tree HEAD: | git -C $R hash-object -w -t tree --stdin --literally >&2
            """)
        let parent = try await workspace.id("git -C w rev-parse HEAD~")
        await #expect(throws: ConnectivityError.missing(parent)) {
            try await repository.inQuarantine { try await $0.checkConnectivity([commit]) }
        }
    }

    @Test("deletions and nothing at all need no check")
    func nothing() async throws {
        let repository = try await workspace.repository()
        try await repository.inQuarantine { try await $0.checkConnectivity([.zero]) }
    }

    @Test("thousands of tips are checked at once")
    func manyTips() async throws {
        let repository = try await workspace.repository()
        let tip = try await workspace.id("git init -q w && cd w && commit one && git push -q $R main")
        try await repository.inQuarantine {
            try await $0.checkConnectivity([ObjectID](repeating: tip, count: 10_000))
        }
    }
}
