import Archive
import GitProtocol
import GitRepository
import Glibc
import Testing

@Suite("Archives of a commit", .timeLimit(.minutes(5)))
struct ArchiveTests {
    let workspace: Workspace
    let repository: Repository

    init() async throws {
        workspace = try Workspace()
        repository = try await workspace.repository()
    }

    private func archive(_ commit: ObjectID, limits: ArchiveLimits = ArchiveLimits()) async throws -> [UInt8] {
        try await repository.inQuarantine { quarantine in
            var bytes: [UInt8] = []
            let summary = try await quarantine.archive(commit: commit, limits: limits) { bytes += $0 }
            #expect(summary.bytes == Int64(bytes.count))
            return bytes
        }
    }

    /// Writes an archive to "a.tgz" in the workspace.
    private func store(_ bytes: [UInt8]) throws {
        let descriptor = unsafe open(workspace.path + "/a.tgz", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        var offset = 0
        while offset < bytes.count {
            offset += unsafe bytes.withUnsafeBytes {
                unsafe write(descriptor, $0.baseAddress! + offset, $0.count - offset)
            }
        }
    }

    @Test("the archive has what git archive has: names, modes, links, content, times")
    func likeGit() async throws {
        let commit = try await workspace.id(
            """
            git init -q w && cd w && mkdir -p a/b/c bin 'sp ace'
            echo x >a/b/c/f && echo run >bin/run && chmod +x bin/run && ln -s ../a/b bin/link && ln -s /etc/passwd abs
            echo x >'sp ace/new
            line' && echo x >"$(printf 'latin\\351')" && echo x >ünï && echo x >'-dash' && : >empty && echo x >'back\\slash'
            long=$(printf 'd%.0s' $(seq 120)); mkdir -p $long/$long && echo deep >$long/$long/f
            ln -s $long/$long/f longlink; head -c 1048576 /dev/urandom >limit; head -c 1048577 /dev/urandom >above
            head -c 3000000 /dev/zero >zeros && chmod +x zeros
            mkdir -p many/{1..300}; for i in {1..300}; do echo $i >many/$i/f; done
            git add -A && git update-index --add --cacheinfo 160000,$(printf '1%.0s' $(seq 40)),sub
            git commit -qm x && git push -q $R main && git rev-parse HEAD
            """)
        let bytes = try await archive(commit)
        try store(bytes)
        try await workspace.sh(
            """
            list() { tar t --full-time -v --numeric-owner --quoting-style=escape "$@" | sed -E 's/^(.)(..)(.)[^ ]+ +[^ ]+/\\1\\2\\3/'; }
            git -C w archive --format=tar main >b.tar
            list -zf a.tgz >a.txt; list -f b.tar >b.txt; diff a.txt b.txt >&2
            mkdir a b && tar xzf a.tgz -C a && tar xf b.tar -C b && diff -r --no-dereference a b >&2
            """)
        #expect(try await archive(commit) == bytes)
    }

    @Test("a commit of a push that is still in quarantine can be archived")
    func quarantined() async throws {
        let commit = try await workspace.id(
            "git init -q w && cd w && seq 9 >f && head -c 2000000 /dev/urandom >g && commit x")
        let pack = try await workspace.bytes("git -C w pack-objects --all --stdout -q </dev/null")
        let summary = try await repository.inQuarantine { quarantine in
            _ = try await quarantine.ingest(pack: pack)
            return try await quarantine.archive(commit: commit) { _ in }
        }
        #expect(summary.files == 2)
        #expect(summary.contentBytes == 2_000_018)
    }

    @Test("a commit without files is an archive without entries")
    func empty() async throws {
        let commit = try await workspace.id("git init -q w && cd w && commit x && git push -q $R main")
        try store(try await archive(commit))
        #expect(try await workspace.sh("tar tzf a.tgz | wc -l") == "0")
    }

    @Test("a tree that unfolds to millions of files ends at the limit")
    func bomb() async throws {
        let commit = try await workspace.id(
            """
            git init -q w && cd w && b=$(echo x | git hash-object -w --stdin); t=$(printf '100644 blob %s\\tf\\n' $b | git mktree)
            for level in 1 2 3 4 5 6 7 8; do t=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf '040000 tree %s\\td%s\\n' $t $i; done | git mktree); done
            git update-ref refs/heads/main $(git commit-tree -m x $t) && git push -q $R main && git rev-parse main
            """)
        var limits = ArchiveLimits()
        limits.maximumEntries = 5000
        await #expect(throws: SourceError.tooManyEntries(limit: 5000)) { _ = try await archive(commit, limits: limits) }
        limits = ArchiveLimits()
        limits.maximumTotalBytes = 1000
        await #expect(throws: SourceError.tooManyBytes(limit: 1000)) { _ = try await archive(commit, limits: limits) }
        limits = ArchiveLimits()
        limits.maximumDepth = 5
        await #expect(throws: SourceError.tooDeep(limit: 5)) { _ = try await archive(commit, limits: limits) }
        limits = ArchiveLimits()
        limits.maximumPathLength = 10
        await #expect(throws: SourceError.pathTooLong(11, limit: 10)) { _ = try await archive(commit, limits: limits) }
    }

    @Test(
        "a dangerous name that was in the repository before is refused", arguments: ["..", ".git", ".GIT", "a/b", "."])
    func dangerousName(name: String) async throws {
        let commit = try await workspace.id(
            """
            cd $R && b=$(echo x | git hash-object -w --stdin)
            tree() { printf '100644 %s\\0' "$1"; printf $(echo $b | sed 's/../\\\\x&/g'); }
            t=$(tree '\(name)' | git hash-object -w -t tree --stdin --literally)
            git commit-tree -m x $t
            """)
        let error = await #expect(throws: SourceError.self) { _ = try await archive(commit) }
        #expect(error == .unsafeName(path: name))
    }

    @Test("what is no commit, and a blob that is gone, are named")
    func missing() async throws {
        let ids = try await workspace.sh(
            """
            git init -q w && cd w && echo x >f && commit x >&2 && git push -q $R main && git rev-parse HEAD HEAD:f
            cd $R && git unpack-objects -q <objects/pack/*.pack 2>/dev/null || true
            """
        ).split(separator: "\n").compactMap { ObjectID(String($0)) }
        try #require(ids.count == 2)
        await #expect(throws: SourceError.noSuchCommit(ids[1])) { try await archive(ids[1]) }
        try await workspace.sh("rm -f $R/objects/\(ids[1].hex.prefix(2))/\(ids[1].hex.dropFirst(2))")
        await #expect(throws: SourceError.missing(ids[1], path: "f")) { try await archive(ids[0]) }
    }

    @Test("entries are counted when a directory is read, not when they are reached")
    func counted() async throws {
        let commit = try await workspace.id(
            """
            cd $R; t=$(for i in 1 2 3 4 5 6; do printf '100644 blob %s\\tf%s\\n' $(printf '1%.0s' $(seq 40)) $i; done | git mktree --missing)
            git commit-tree -m x $t
            """)
        var limits = ArchiveLimits()
        limits.maximumEntries = 5
        await #expect(throws: SourceError.tooManyEntries(limit: 5)) { _ = try await archive(commit, limits: limits) }
    }

    /// A commit whose root directory has directories within each other, each with entries of so many bytes.
    private func nested(levels: Int, bytes: Int) async throws -> ObjectID {
        try await workspace.id(
            """
            cd $R; b=$(echo x | git hash-object -w --stdin); n=$(printf 'n%.0s' $(seq 240)); t=
            for level in {1..\(levels)}; do
                t=$( (awk -v b=$b -v n=$n 'BEGIN { for (i = 0; i < \(bytes) / 273; i++) printf "100644 blob %s\\t%s%06d\\n", b, n, i }'
                    [ -z "$t" ] || printf '040000 tree %s\\tdir\\n' $t) | git mktree)
            done
            git commit-tree -m x $t
            """)
    }

    @Test("a directory of more than 8 MiB is refused")
    func largeTree() async throws {
        let commit = try await nested(levels: 1, bytes: 9_000_000)
        let error = await #expect(throws: SourceError.self) { _ = try await archive(commit) }
        guard case .treeTooLarge(_, path: "/", limit: 8 << 20) = error else {
            Issue.record("expected .treeTooLarge, got \(String(describing: error))")
            return
        }
        await #expect(throws: SourceError.self) {
            try await repository.inQuarantine { try await $0.treeEntry(commit: commit, path: "Dockerfile") }
        }
    }

    @Test("directories within each other of more than 32 MiB are refused")
    func largeTreePath() async throws {
        let commit = try await nested(levels: 7, bytes: 6_000_000)
        let error = await #expect(throws: SourceError.self) { _ = try await archive(commit) }
        #expect(error == .treesTooLarge(path: "dir/dir/dir/dir/dir", limit: 32 << 20))
    }

    @Test("a directory that is no tree is refused", arguments: ["100644 f", "1x0644 f\\0", " f\\0", "100644f\\0"])
    func damagedTree(start: String) async throws {
        let commit = try await workspace.id(
            """
            cd $R; t=$( (printf '\(start)'; printf '%018d' 0) | git hash-object -w -t tree --stdin --literally)
            git commit-tree -m x $t
            """)
        await #expect(throws: SourceError.damagedTree(path: "/")) { _ = try await archive(commit) }
    }

    @Test("a reader that gives up in a large file is passed on, and no child stays")
    func readerGone() async throws {
        struct Full: Error {}
        let commit = try await workspace.id(
            "git init -q w && cd w && head -c 20000000 /dev/urandom >g && commit x && git push -q $R main")
        await #expect(throws: Full.self) {
            try await repository.inQuarantine { quarantine in
                try await quarantine.archive(commit: commit) { _ in throw Full() }
            }
        }
        #expect(try await workspace.children() == "")
        #expect(try await workspace.quarantines() == "")
    }

    @Test("cancelling in a large file ends at once, and no child stays")
    func cancelled() async throws {
        let commit = try await workspace.id(
            "git init -q w && cd w && head -c 20000000 /dev/urandom >g && commit x && git push -q $R main")
        let (started, continuation) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await repository.inQuarantine { quarantine in
                try await quarantine.archive(commit: commit) { _ in
                    continuation.yield()
                    try await Task.sleep(for: .seconds(3600))
                }
            }
        }
        for await _ in started { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await workspace.children() == "")
    }
}
