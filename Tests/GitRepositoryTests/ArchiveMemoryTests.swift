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
}

/// The most memory this process had so far, in bytes.
private func peakMemory() -> Int {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
}
