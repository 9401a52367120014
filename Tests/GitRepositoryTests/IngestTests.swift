import GitProtocol
import GitRepository
import Synchronization
import Testing

@Suite("Taking packs in", .timeLimit(.minutes(5)))
struct IngestTests {
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
    }

    @Test("a repository of thousands of objects comes in whole, in pieces of any size", arguments: [1 << 20, 4096, 7])
    func large(piece: Int) async throws {
        let repository = try await workspace.repository()
        let count = piece == 1 << 20 ? 3000 : 50
        let tip = try await workspace.id(
            """
            git init -q w && cd w
            mkdir -p d{0..39}/e && for i in {1..\(count)}; do echo $i >d$((i % 40))/e/$i; done
            commit one >&2; for i in 1 2 3; do echo $i >>d1/e/1; commit $i; done | tail -1
            """)
        let pack = try await workspace.bytes("git -C w pack-objects --all --stdout -q </dev/null")
        let summary = try await repository.inQuarantine { quarantine in
            let summary = try await quarantine.ingest(pack: pack, piece: piece)
            try await quarantine.checkConnectivity([tip])
            #expect(try await quarantine.objectKind(tip) == .commit)
            return summary
        }
        #expect(summary.objects > count)
        #expect(summary.bytes == Int64(pack.count))
        #expect(try await workspace.quarantines() == "")
        // Nothing was promoted, so nothing is there.
        #expect(try await workspace.sh("git -C $R count-objects -v | grep -c ': 0$'") != "0")
        #expect(
            try await workspace.sh("git -C $R cat-file -t \(tip) 2>&1 || true").contains("could not get object info"))
    }

    @Test("a thin pack is completed from the repository")
    func thin() async throws {
        let repository = try await workspace.repository()
        let first = try await workspace.id("git init -q w && cd w && seq 5000 >f && commit one && git push -q $R main")
        let second = try await workspace.id("cd w && seq 5001 >f && commit two")
        let pack = try await workspace.bytes(
            "printf '%s\\n' \(second) ^\(first) | git -C w pack-objects --revs --thin --stdout -q --delta-base-offset")
        #expect(pack.count < 1000)
        let results = try await repository.push(pack, [RefCommand("refs/heads/main", from: first, to: second)])
        #expect(results.of("refs/heads/main") == "ok")
        #expect(try await workspace.sh("git -C $R fsck --strict && git -C $R show main:f | tail -1") == "5001")
    }

    @Test("a thin pack whose base is nowhere is refused")
    func missingBase() async throws {
        let repository = try await workspace.repository()
        let pack = try await workspace.bytes(
            """
            git init -q w && cd w && seq 5000 >f && commit one >&2 && seq 5001 >f && commit two >&2
            printf '%s\\n' HEAD ^HEAD~ | git pack-objects --revs --thin --stdout -q
            """)
        await #expect(throws: PackError.missingBase) {
            try await repository.inQuarantine { try await $0.ingest(pack: pack) }
        }
    }

    @Test("a client that never ends its stream does not hold up a pack", arguments: [true, false])
    func noEndOfInput(empty: Bool) async throws {
        let repository = try await workspace.repository()
        try await workspace.sh("git init -q w && cd w && commit one")
        let input = empty ? "/dev/null" : "w/.git/refs/heads/main"
        let pack = try await workspace.bytes("git -C w pack-objects --revs --stdout -q <\(input)")
        let summary = try await repository.inQuarantine { try await $0.ingest(next: endless(pack)) }
        #expect(summary == PackSummary(objects: empty ? 0 : 2, bytes: Int64(pack.count)))
    }

    @Test("bytes that came with the commands are the start of the pack", arguments: [1, 11, 12, 40])
    func initial(count: Int) async throws {
        let repository = try await workspace.repository()
        let pack = try await workspace.bytes(
            "git init -q w && cd w && commit one >&2 && git pack-objects --all --stdout -q </dev/null")
        let summary = try await repository.inQuarantine { quarantine in
            try await quarantine.ingest(
                initial: Array(pack.prefix(count)), next: pieces(of: Array(pack.dropFirst(count)), 5))
        }
        #expect(summary == PackSummary(objects: 2, bytes: Int64(pack.count)))
    }

    @Test("git's progress is passed on")
    func progress() async throws {
        let repository = try await workspace.repository()
        let pack = try await workspace.bytes(
            """
            git init -q w && cd w && for i in 1 2 3; do seq 900$i >f; commit $i >&2; done
            git pack-objects --all --stdout -q </dev/null
            """)
        let shown = Mutex<[UInt8]>([])
        _ = try await repository.inQuarantine { quarantine in
            try await quarantine.ingest(pack: pack) { bytes in shown.withLock { $0 += bytes } }
        }
        let text = String(decoding: shown.withLock { $0 }, as: UTF8.self)
        #expect(text.hasSuffix("Resolving deltas: 100% (2/2), done.\n"))
    }

    @Test("a server that ends a push in the middle leaves no quarantine and no child")
    func cancellation() async throws {
        let repository = try await workspace.repository()
        let pack = try await workspace.bytes(
            "git init -q w && cd w && head -c 3000000 /dev/urandom >f && commit one >&2 && git pack-objects --all --stdout -q </dev/null"
        )
        let (started, continuation) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await repository.inQuarantine { quarantine in
                let rest = endless([])
                _ = try await quarantine.ingest(initial: Array(pack.prefix(2_000_000))) {
                    continuation.yield()
                    return try await rest()
                }
            }
        }
        for await _ in started { break }
        #expect(try await workspace.quarantines() != "")
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await workspace.quarantines() == "")
        #expect(try await workspace.children() == "")
    }

    @Test("a client that goes away in the middle is passed on, and leaves nothing")
    func clientGone() async throws {
        struct Gone: Error {}
        let repository = try await workspace.repository()
        let pack = try await workspace.bytes(
            "git init -q w && cd w && seq 90000 >f && commit one >&2 && git pack-objects --all --stdout -q </dev/null")
        await #expect(throws: Gone.self) {
            try await repository.inQuarantine { quarantine in
                _ = try await quarantine.ingest(initial: Array(pack.prefix(50_000))) { throw Gone() }
            }
        }
        #expect(try await workspace.quarantines() == "")
        #expect(try await workspace.children() == "")
    }
}
