import GitProtocol
import GitRepository
import Testing

@Suite("Hostile and damaged packs")
struct HostilePackTests {
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
    }

    private func refusal(
        of pack: [UInt8], limits: PackLimits = PackLimits(), sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> PackError? {
        let repository = try await workspace.repository()
        let error = await #expect(throws: PackError.self, sourceLocation: sourceLocation) {
            try await repository.inQuarantine { try await $0.ingest(pack: pack, limits: limits) }
        }
        #expect(try await workspace.quarantines() == "", sourceLocation: sourceLocation)
        #expect(error?.description.contains(workspace.path) == false, sourceLocation: sourceLocation)
        return error
    }

    private func sample() async throws -> [UInt8] {
        try await workspace.bytes(
            "git init -q w && cd w && seq 20000 >f && commit one >&2 && git pack-objects --all --stdout -q </dev/null")
    }

    @Test("a pack that ends early is refused, wherever it ends", arguments: [0, 4, 11, 12, 13, 200, -1, -20, -21])
    func truncated(end: Int) async throws {
        let pack = try await sample()
        let error = try await refusal(of: Array(end > 0 ? pack.prefix(end) : end < 0 ? pack.dropLast(-end) : []))
        let expected: PackError =
            switch end {
            case 0...11: .badHeader(.truncated(end))
            default: .truncated
            }
        #expect(error == expected)
    }

    @Test("a pack with one wrong byte is refused as damaged")
    func corrupted() async throws {
        let pack = try await sample()
        for position in [20, 100, pack.count / 2, pack.count - 1] {
            var damaged = pack
            damaged[position] ^= 0x55
            let error = try await refusal(of: damaged)
            guard case .corrupt = error else {
                Issue.record("byte \(position): expected .corrupt, got \(String(describing: error))")
                continue
            }
        }
    }

    @Test("what is no pack is refused before git is started")
    func noPack() async throws {
        let error = try await refusal(of: Array("HTTP/1.1 200 OK\r\n\r\n".utf8))
        #expect(error == .badHeader(.badSignature("HTTP")))
        #expect(
            try await refusal(of: Array("PACK".utf8) + [0, 0, 0, 9, 0, 0, 0, 1]) == .badHeader(.unsupportedVersion(9)))
    }

    @Test("an empty pack with a wrong checksum is refused")
    func emptyWithWrongTrailer() async throws {
        let header = Array("PACK".utf8) + [0, 0, 0, 2, 0, 0, 0, 0]
        let error = try await refusal(of: header + [UInt8](repeating: 1, count: 20))
        #expect(error == .corrupt("its checksum does not match"))
        #expect(try await refusal(of: header + [1]) == .truncated)
    }

    @Test("a pack above the size limit is refused, and the limit is named")
    func tooLarge() async throws {
        let pack = try await workspace.bytes(
            "git init -q w && cd w && head -c 3000000 /dev/urandom >f && commit one >&2 && git pack-objects --all --stdout -q </dev/null"
        )
        var limits = PackLimits()
        limits.maximumBytes = 1_000_000
        let error = try await refusal(of: pack, limits: limits)
        #expect(error == .tooLarge(limit: 1_000_000))
        #expect(error?.description.contains("1000000") == true)
    }

    @Test("a header that promises too many objects is refused at once")
    func tooMany() async throws {
        let pack = Array("PACK".utf8) + [0, 0, 0, 2, 0xff, 0xff, 0xff, 0xff]
        #expect(try await refusal(of: pack) == .tooManyObjects(.max, limit: 10_000_000))
    }

    @Test(
        "a tree with a name that git must not check out is refused",
        arguments: [
            (".git", "hasDotgit"), (".GIT", "hasDotgit"), ("git~1", "hasDotgit"), (".g\u{200c}it", "hasDotgit"),
            ("..", "hasDotdot"), (".", "hasDot"), ("a/b", "fullPathname"),
        ])
    func badName(name: String, message: String) async throws {
        let pack = try await workspace.bytes(
            """
            git init -q w && cd w && echo hi >f && b=$(git hash-object -w f)
            tree() { printf '100644 %s\\0' "$1"; printf $(echo $b | sed 's/../\\\\x&/g'); }
            t=$(tree '\(name)' | git hash-object -w -t tree --stdin --literally)
            c=$(git commit-tree -m x $t)
            printf '%s\\n' $c $t $b | git pack-objects --stdout -q
            """)
        let error = try await refusal(of: pack)
        guard case .badObject(let detail) = error else {
            Issue.record("expected .badObject, got \(String(describing: error))")
            return
        }
        #expect(detail.contains(message))
    }

    @Test("a tree with the same name twice is refused")
    func duplicate() async throws {
        let pack = try await workspace.bytes(
            """
            git init -q w && cd w && echo hi >f && b=$(git hash-object -w f)
            entry() { printf '100644 f\\0'; printf $(echo $b | sed 's/../\\\\x&/g'); }
            t=$( (entry; entry) | git hash-object -w -t tree --stdin --literally)
            c=$(git commit-tree -m x $t)
            printf '%s\\n' $c $t $b | git pack-objects --stdout -q
            """)
        guard case .badObject(let detail)? = try await refusal(of: pack) else { return }
        #expect(detail.contains("duplicateEntries"))
    }

    @Test("a pack that lacks an object it refers to is refused by that object's name")
    func missingObject() async throws {
        let blob = try await workspace.id("git init -q w && cd w && echo hi >f && commit x >&2 && git rev-parse HEAD:f")
        let pack = try await workspace.bytes("cd w && git rev-parse HEAD HEAD^{tree} | git pack-objects --stdout -q")
        #expect(try await refusal(of: pack) == .missingObject(blob))
    }

    @Test("an object that unfolds to more memory than allowed ends the push, not the server")
    func memory() async throws {
        let pack = try await workspace.bytes(
            """
            git init -q w && cd w && head -c 100000000 /dev/zero >f && commit one >&2
            git -c core.bigFileThreshold=1g pack-objects --all --stdout -q </dev/null
            """)
        #expect(pack.count < 1_000_000)
        var limits = PackLimits()
        limits.child.dataBytes = 20 << 20
        // A large blob is streamed, so it fits; the limit is too small for git's buffers with a delta of it.
        let repository = try await workspace.repository()
        let streamed = try await repository.inQuarantine { try await $0.ingest(pack: pack, limits: PackLimits()) }
        #expect(streamed.objects == 3)
        limits.child.dataBytes = 1 << 20
        #expect(try await refusal(of: pack, limits: limits) == .outOfMemory)
    }

    @Test("random bytes behind a good header never come in", arguments: [UInt64(1), 2, 3])
    func noise(seed: UInt64) async throws {
        var state = seed
        var bytes = Array("PACK".utf8) + [0, 0, 0, 2, 0, 0, 0, 5]
        for _ in 0..<2000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            bytes.append(UInt8(truncatingIfNeeded: state >> 33))
        }
        _ = try await refusal(of: bytes)
    }
}
