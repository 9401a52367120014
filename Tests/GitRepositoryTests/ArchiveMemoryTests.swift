import GitProtocol
import GitRepository
import Glibc
import Testing

@Suite("Memory of an archive")
struct ArchiveMemoryTests {
    @Test("a file of 64 MB is archived in less than 16 MB of memory")
    func constantMemory() async {
        // In a process of its own: other tests of this one take memory at the same time.
        await #expect(processExitsWith: .success) {
            let workspace = try Workspace()
            let repository = try await workspace.repository()
            let commits = try await workspace.sh(
                """
                git init -q w && cd w && git config core.compression 0
                head -c 2000000 /dev/urandom >f && commit warm && head -c 64000000 /dev/urandom >f
                commit large && git push -q $R main
                """
            ).split(separator: "\n").compactMap { ObjectID(String($0)) }
            try #require(commits.count == 2)
            let growth = try await repository.inQuarantine { quarantine in
                _ = try await quarantine.archive(commit: commits[0]) { _ in }
                let before = peakMemory()
                let summary = try await quarantine.archive(commit: commits[1]) { _ in }
                try #require(summary.contentBytes == 64_000_000)
                return peakMemory() - before
            }
            #expect(growth < 16 << 20, "grew by \(growth) bytes")
        }
    }

    @Test("a commit with a message of 64 MB is refused without being read")
    func hugeMessage() async {
        await #expect(processExitsWith: .success) {
            let workspace = try Workspace()
            let repository = try await workspace.repository()
            let commits = try await workspace.sh(
                """
                git init -q w && cd w && git config core.compression 0 && commit small && git cat-file -p HEAD >../m
                head -c 64000000 /dev/urandom | base64 -w 1000 | head -c 64000000 >>../m; git hash-object -w -t commit ../m
                """
            ).split(separator: "\n").compactMap { ObjectID(String($0)) }
            try #require(commits.count == 2)
            let commit = commits[1]
            // Straight into the repository: a pack in this process would hide what is measured.
            try await workspace.sh(
                """
                cd w && printf '%s\\n' \(commits[0]) \(commit) $(git rev-parse HEAD^{tree}) |
                    git pack-objects -q $R/objects/pack/pack
                """)
            let (growth, errors) = try await repository.inQuarantine { quarantine in
                _ = try await quarantine.archive(commit: commits[0]) { _ in }
                let before = peakMemory()
                var errors: [SourceError?] = []
                let works: [@Sendable () async throws -> Void] = [
                    { _ = try await quarantine.objectKind(commit) }, { _ = try await quarantine.commitInfo(commit) },
                    { _ = try await quarantine.treeEntry(commit: commit, path: "f") },
                    { _ = try await quarantine.archive(commit: commit) { _ in } },
                ]
                for work in works { errors.append(await #expect(throws: SourceError.self) { try await work() }) }
                return (peakMemory() - before, errors)
            }
            for error in errors {
                guard case .objectTooLarge(.commit, commit, _, limit: 1 << 20) = error else {
                    Issue.record("expected .objectTooLarge, got \(String(describing: error))")
                    continue
                }
            }
            #expect(growth < 16 << 20, "grew by \(growth) bytes")
        }
    }

    @Test("a small file that is stored as its difference to one of 30 MB is archived in less than 16 MB of memory")
    func hugeDeltaBase() async {
        await #expect(processExitsWith: .success) {
            let workspace = try Workspace()
            let repository = try await workspace.repository()
            let commits = try await workspace.sh(
                """
                git init -q w && cd w && git config core.compression 0 && seq 200000 >f && commit warm
                head -c 30000000 /dev/urandom >f && commit large >&2 && head -c 1040000 f >g && mv g f && commit small
                """
            ).split(separator: "\n").compactMap { ObjectID(String($0)) }
            try #require(commits.count == 2)
            let size = try await workspace.sh(
                """
                cd w && git pack-objects --all -q --delta-base-offset $R/objects/pack/pack </dev/null >&2
                cat $R/objects/pack/*.pack | wc -c
                """)
            try #require(Int(size).map { $0 < 32_500_000 } == true, "the small file is not stored as a difference")
            let growth = try await repository.inQuarantine { quarantine in
                _ = try await quarantine.archive(commit: commits[0]) { _ in }
                let before = peakMemory()
                let summary = try await quarantine.archive(commit: commits[1]) { _ in }
                try #require(summary.contentBytes == 1_040_000)
                return peakMemory() - before
            }
            #expect(growth < 16 << 20, "grew by \(growth) bytes")
        }
    }
}

/// The most memory this process had so far, in bytes.
private func peakMemory() -> Int {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
}
