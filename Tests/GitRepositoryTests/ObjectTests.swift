import GitProtocol
import GitRepository
import Testing

@Suite("Objects of a push")
struct ObjectTests {
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
    }

    @Test("kinds, tags peeled to their commit, and what is not there")
    func kinds() async throws {
        let repository = try await workspace.repository()
        let ids = try await workspace.sh(
            """
            git init -q w && cd w && echo hi >f && commit one >&2 && git tag -am t t1 && git tag -am tt t2 t1 && git tag -am b b1 HEAD:f
            git push -q $R main t1 t2 b1; git rev-parse HEAD HEAD^{tree} HEAD:f t2 b1
            """
        ).split(separator: "\n").compactMap { ObjectID(String($0)) }
        try #require(ids.count == 5)
        let unknown = try #require(ObjectID(String(repeating: "1", count: 40)))
        try await repository.inQuarantine { quarantine async throws in
            for (id, kind) in zip(ids, [ObjectKind.commit, .tree, .blob, .tag, .tag]) {
                #expect(try await quarantine.objectKind(id) == kind)
            }
            #expect(try await quarantine.objectKind(unknown) == nil)
        }
    }

    @Test("what is at a path is told by its mode")
    func entries() async throws {
        let repository = try await workspace.repository()
        let commit = try await workspace.id(
            """
            git init -q w && cd w && mkdir -p .slipway a/b && echo x >.slipway/build && chmod +x .slipway/build
            echo x >a/b/f && ln -s f a/b/l && git add -A && git update-index --add --cacheinfo 160000,$(printf '1%.0s' $(seq 40)),sub
            git commit -qm x && git push -q $R main && git rev-parse HEAD
            """)
        try await repository.inQuarantine { quarantine async throws in
            let expected: [(String, TreeEntryKind?)] = [
                (".slipway/build", .executable), (".slipway", .directory), ("a/b/f", .file), ("a/b/l", .symlink),
                ("sub", .submodule), ("Dockerfile", nil), ("a/b/f/g", nil), ("a/c", nil),
            ]
            for (path, kind) in expected {
                #expect(try await quarantine.treeEntry(commit: commit, path: path) == kind, "\(path)")
            }
        }
    }

    @Test("a commit is described without what would disturb a terminal")
    func info() async throws {
        let repository = try await workspace.repository()
        let commit = try await workspace.id(
            """
            git init -q w && cd w && printf 'Fix \\033[31mit\\n over two lines\\n\\nbody' >../m
            GIT_AUTHOR_NAME="$(printf 'J\\351r\\303\\264me %.0s' $(seq 100))" git commit -q --allow-empty -F ../m
            git push -q $R main && git rev-parse HEAD
            """)
        let info = try await repository.inQuarantine { try await $0.commitInfo(commit) }
        #expect(info.subject == "Fix  [31mit over two lines")
        #expect(info.time == 1_700_000_000)
        #expect(info.authorName.hasPrefix("Jérôme Jérôme"))
        #expect(info.authorName.unicodeScalars.count == 200)
    }

    @Test("what is no commit is said, in the push or not")
    func noCommit() async throws {
        let repository = try await workspace.repository()
        let blob = try await workspace.id("cd $R && seq 900000 | git hash-object -w --stdin")
        let unknown = try #require(ObjectID(String(repeating: "1", count: 40)))
        for id in [blob, unknown] {
            await #expect(throws: RepositoryError.self) {
                try await repository.inQuarantine { try await $0.commitInfo(id) }
            }
            await #expect(throws: RepositoryError.self) {
                try await repository.inQuarantine { try await $0.treeEntry(commit: id, path: "f") }
            }
        }
    }
}
