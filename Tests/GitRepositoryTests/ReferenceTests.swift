import GitProtocol
import GitRepository
import Testing

@Suite("References")
struct ReferenceTests {
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
    }

    @Test("loose and packed refs are listed sorted by bytes, without HEAD and symbolic refs")
    func list() async throws {
        let repository = try await workspace.repository()
        let commit = try await workspace.id(
            """
            git init -q w && cd w && commit one
            git push -q $R main main:refs/heads/a-b main:refs/heads/a/b main:refs/heads/a.b main:refs/tags/v1 main:refs/heads/é
            git -C $R pack-refs --all
            git push -q $R main:refs/heads/Z
            git -C $R symbolic-ref refs/heads/alias refs/heads/main
            """)
        let names = try await repository.references().map(\.name)
        #expect(
            names == [
                "refs/heads/Z", "refs/heads/a-b", "refs/heads/a.b", "refs/heads/a/b", "refs/heads/main", "refs/heads/é",
                "refs/tags/v1",
            ])
        #expect(try await repository.references().allSatisfy { $0.target == commit })
    }

    @Test("an annotated tag is listed with the tag's own id")
    func annotated() async throws {
        let repository = try await workspace.repository()
        let tag = try await workspace.id(
            "git init -q w && cd w && commit one >&2 && git tag -a -m t v1 && git push -q $R v1 && git rev-parse v1")
        #expect(try await repository.references() == [Reference(name: "refs/tags/v1", target: tag)])
    }

    @Test("HEAD names a branch before that exists, and can be moved")
    func head() async throws {
        let repository = try await workspace.repository()
        try await repository.setHead(RefName("refs/heads/trunk"))
        #expect(try await repository.head()?.rawValue == "refs/heads/trunk")
        #expect(try await workspace.sh("git -C $R symbolic-ref HEAD") == "refs/heads/trunk")
    }

    @Test("a HEAD that points to a commit names no branch")
    func detached() async throws {
        let repository = try await workspace.repository()
        try await workspace.sh("git init -q w && cd w && commit one >$R/HEAD")
        #expect(try await repository.head() == nil)
    }
}
