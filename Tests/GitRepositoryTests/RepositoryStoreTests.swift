import GitProtocol
import Identifiers
import Synchronization
import TestSupport
import Testing

@testable import GitRepository

@Suite("Repository store")
struct RepositoryStoreTests {
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
    }

    @Test("a repository is there after it was asked for, bare, and git accepts it")
    func create() async throws {
        #expect(try await !workspace.store.exists(AppName("blog")))
        let repository = try await workspace.repository()
        #expect(try await workspace.store.exists(AppName("blog")))
        #expect(try await workspace.sh("git -C $R rev-parse --is-bare-repository") == "true")
        #expect(try await workspace.sh("git -C $R fsck") == "")
        #expect(try await repository.references() == [])
    }

    @Test("many who make the same repository at once all get it, and no draft stays")
    func race() async throws {
        try await withThrowingTaskGroup { group in
            for _ in 0..<16 {
                group.addTask { try await workspace.repository().references() }
            }
            for try await references in group { #expect(references == []) }
        }
        #expect(try await workspace.sh("ls -A data") == "blog.git")
    }

    @Test("a repository that was never made is an error without the host's path")
    func missing() async throws {
        let repository = workspace.store.repository(for: try AppName("nothing"))
        let error = await #expect(throws: RepositoryError.self) { try await repository.references() }
        #expect(error?.description.contains(workspace.path) == false)
    }

    @Test("where several servers share the repositories, a start leaves what is in use, or may be, as it is")
    func sharedRecovery() async throws {
        let repository = try await workspace.repository()
        let root = workspace.store.root
        var shared = try RepositoryStore(
            root: root, isShared: true, pool: workspace.store.pool, git: workspace.store.git)
        _ = try await workspace.sh("mkdir data/.creating-now")
        try await repository.withQuarantine(push: "running") { [shared] quarantine in
            #expect(try await shared.removeStaleQuarantines() == 0)
            let names = try Directory.names(in: quarantine.path)
            #expect(names.isEmpty)
        }
        _ = try await workspace.sh("mkdir -p $R/objects/incoming-1")
        #expect(try await shared.removeStaleQuarantines() == 0)
        #expect(try await workspace.sh("ls -A data | grep creating") == ".creating-now")
        // An hour later.
        shared.draftAge = -1
        #expect(try await shared.removeStaleQuarantines() == 2)
        #expect(try await workspace.quarantines() == "")
    }

    @Test("what a killed server left is removed at the next start, refs that look alike are not")
    func recovery() async throws {
        let repository = try await workspace.repository()
        let commit = try await workspace.id(
            """
            git init -q w && cd w && commit one && git push -q $R main main:refs/heads/deep/er
            mkdir -p $R/objects/incoming-1/pack && echo x >$R/objects/incoming-1/pack/tmp_pack_1
            ln -s / $R/objects/incoming-1/link
            mkdir ../data/.creating-1 && touch $R/refs/heads/main.lock $R/refs/heads/deep/er.lock $R/packed-refs.lock
            """)
        #expect(try await workspace.store.removeStaleQuarantines() == 5)
        #expect(try await workspace.quarantines() == "")
        #expect(try await workspace.sh("ls data; cd $R && find . -name '*.lock'") == "blog.git")
        #expect(try await workspace.sh("ls -A data | grep creating || true") == "")
        #expect(
            try await repository.references() == [
                Reference(name: "refs/heads/deep/er", target: commit),
                Reference(name: "refs/heads/main", target: commit),
            ])
        #expect(try await workspace.store.removeStaleQuarantines() == 0)
    }

    @Test("what cannot be removed at the start is logged with its path, and the rest goes")
    func stubborn() async throws {
        let log = RecordingLog()
        let workspace = try Workspace(logger: log.logger)
        _ = try await workspace.repository()
        _ = try await workspace.repository("other")
        // A path above PATH_MAX cannot be named, by nobody; it can be made step by step.
        try await workspace.sh(
            """
            mkdir -p $R/objects/incoming-1 $R/objects/incoming-2 data/other.git/objects/incoming-3
            cd $R/objects/incoming-1; n=$(printf 'n%.0s' $(seq 250)); for i in {1..20}; do mkdir $n; cd -P ./$n; done
            """)
        #expect(try await workspace.store.removeStaleQuarantines() == 2)
        #expect(try await workspace.quarantines() == "incoming-1")
        let lines = log.lines
        #expect(lines.count == 2)
        #expect(lines.first?.contains("\(workspace.repositoryPath())/objects/incoming-1") == true)
        #expect(lines.first?.hasPrefix("error: ") == true)
        #expect(lines.last?.contains("count=2") == true)
    }

    @Test("a repository that is fetched from meanwhile is looked at again after the others")
    func inUse() async throws {
        let fetch = Mutex<AppLock?>(nil)
        // The other one's is told when its turn comes.
        let log = RecordingLog { line in
            if line.contains("could not be removed") { fetch.withLock { $0?.release() } }
        }
        let workspace = try Workspace(logger: log.logger)
        let repository = try await workspace.repository()
        _ = try await workspace.repository("other")
        try await workspace.sh(
            """
            touch $R/packed-refs.lock; mkdir -p data/other.git/objects/incoming-1
            cd data/other.git/objects/incoming-1
            n=$(printf 'n%.0s' $(seq 250)); for i in {1..20}; do mkdir $n; cd -P ./$n; done
            """)
        let lock = try await AppLock.acquire(repository.lockPath, .shared, patience: .zero, on: workspace.store.pool)
        fetch.withLock { $0 = lock }
        #expect(try await workspace.store.removeStaleQuarantines() == 1)
        #expect(try await workspace.sh("cd $R && find . -name '*.lock'") == "")
    }

    @Test("a store whose root is not there yet has nothing to remove")
    func recoveryOfNothing() async throws {
        #expect(try await workspace.store.removeStaleQuarantines() == 0)
    }

    @Test("a push id that could lead elsewhere is refused", arguments: ["", "../x", "a/b", ".", "a\u{0}b"])
    func pushID(id: String) async throws {
        let repository = try await workspace.repository()
        await #expect(throws: RepositoryError.self) { try await repository.withQuarantine(push: id) { _ in } }
    }

    @Test("a missing git is answered with what to install")
    func locate() async throws {
        let error = #expect(throws: GitToolError.self) { try GitTool.locate(searchPath: "/nonexistent:relative") }
        #expect(error?.description.contains("apt install git") == true)
        #expect(try await GitTool.locate().version().hasPrefix("2."))
    }
}
