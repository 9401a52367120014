import GitProtocol
import GitRepository
import Testing

@Suite("Promoting")
struct PromoteTests {
    let workspace: Workspace
    let repository: Repository
    let one: ObjectID
    let two: ObjectID
    let side: ObjectID

    init() async throws {
        workspace = try Workspace()
        repository = try await workspace.repository()
        one = try await workspace.id("git init -q w && cd w && commit one && git push -q $R main:refs/keep/one")
        two = try await workspace.id("cd w && commit two && git push -q $R main:refs/keep/two")
        side = try await workspace.id(
            "cd w && git checkout -q \(one) && commit side && git push -q $R HEAD:refs/keep/side")
    }

    private func promote(_ updates: [RefCommand], atomic: Bool = false) async throws -> [RefName: RefResult] {
        try await repository.inQuarantine { try await $0.promote(updates, atomic: atomic) }
    }

    private func value(_ ref: String) async throws -> ObjectID? {
        try await repository.references().first { $0.name == ref }?.target
    }

    @Test("create, fast-forward, force and delete")
    func life() async throws {
        let main = "refs/heads/main"
        #expect(try await promote([RefCommand(main, to: one)]).of(main) == "ok")
        #expect(try await promote([RefCommand(main, from: one, to: two)]).of(main) == "ok")
        #expect(try await promote([RefCommand(main, from: two, to: side)]).of(main) == "ok")
        #expect(try await value(main) == side)
        #expect(try await workspace.sh("git -C $R rev-parse main; ls $R/logs 2>/dev/null || true") == side.hex)
        #expect(try await promote([RefCommand(main, from: side, to: .zero)]).of(main) == "ok")
        #expect(try await value(main) == nil)
        #expect(try await workspace.sh("git -C $R fsck --strict; ls $R/objects | grep incoming || true") == "")
    }

    @Test("a packed ref is updated and deleted like a loose one")
    func packed() async throws {
        _ = try await promote([RefCommand("refs/heads/a", to: one), RefCommand("refs/heads/b", to: one)])
        try await workspace.sh("git -C $R pack-refs --all --prune")
        let results = try await promote([
            RefCommand("refs/heads/a", from: one, to: two), RefCommand("refs/heads/b", from: one, to: .zero),
        ])
        #expect(results.of("refs/heads/a") == "ok")
        #expect(results.of("refs/heads/b") == "ok")
        #expect(try await value("refs/heads/a") == two)
        #expect(try await value("refs/heads/b") == nil)
        #expect(try await workspace.sh("git -C $R for-each-ref refs/heads --format='%(refname)'") == "refs/heads/a")
    }

    @Test("a value that is not what the client believes is refused in git's words")
    func stale() async throws {
        _ = try await promote([RefCommand("refs/heads/main", to: two)])
        let main = "refs/heads/main"
        #expect(try await promote([RefCommand(main, to: one)]).of(main) == "reference already exists")
        #expect(try await promote([RefCommand(main, from: one, to: side)]).of(main) == "fetch first")
        #expect(try await promote([RefCommand(main, from: one, to: .zero)]).of(main) == "stale info")
        #expect(try await promote([RefCommand("refs/heads/x", from: one, to: two)]).of("refs/heads/x") == "stale info")
        #expect(try await promote([RefCommand("refs/heads/x", to: .zero)]).of("refs/heads/x") == "ok")
        #expect(try await value(main) == two)
    }

    @Test("a ref to nothing, and a branch to something else than a commit, are refused")
    func badTargets() async throws {
        let blob = try await workspace.id(
            "cd w && echo hi >f && git hash-object -w f && git push -q $R $(git hash-object f):refs/tags/blob")
        let unknown = try #require(ObjectID(String(repeating: "1", count: 40)))
        let results = try await promote([
            RefCommand("refs/heads/a", to: unknown), RefCommand("refs/heads/b", to: blob),
            RefCommand("refs/tags/c", to: blob),
        ])
        #expect(results.of("refs/heads/a") == "missing necessary objects")
        #expect(results.of("refs/heads/b") == "a branch must be a commit, this is a blob")
        #expect(results.of("refs/tags/c") == "ok")
    }

    @Test("one bad ref makes an atomic push change nothing, and is told apart", arguments: [true, false])
    func oneBad(atomic: Bool) async throws {
        _ = try await promote([RefCommand("refs/heads/taken", to: two), RefCommand("refs/heads/gone", to: one)])
        let updates = [
            try RefCommand("refs/heads/new", to: one), try RefCommand("refs/heads/taken", from: one, to: side),
            try RefCommand("refs/heads/gone", from: one, to: .zero),
        ]
        let results = try await promote(updates, atomic: atomic)
        #expect(results.of("refs/heads/taken") == "fetch first")
        #expect(results.of("refs/heads/new") == (atomic ? "atomic push failure" : "ok"))
        #expect(results.of("refs/heads/gone") == (atomic ? "atomic push failure" : "ok"))
        #expect(try await value("refs/heads/new") == (atomic ? nil : one))
        #expect(try await value("refs/heads/gone") == (atomic ? one : nil))
        #expect(try await value("refs/heads/taken") == two)
        #expect(try await workspace.sh("find $R -name '*.lock'") == "")
    }

    @Test("a good atomic push changes all")
    func allGood() async throws {
        _ = try await promote([RefCommand("refs/heads/a", to: one), RefCommand("refs/heads/b", to: one)])
        let results = try await promote(
            [
                RefCommand("refs/heads/a", from: one, to: two), RefCommand("refs/heads/b", from: one, to: .zero),
                RefCommand("refs/heads/c/d", to: side),
            ], atomic: true)
        #expect(results.count == 3 && results.values.allSatisfy { $0 == .ok })
        #expect(
            try await workspace.sh("git -C $R for-each-ref refs/heads --format='%(refname:short)' | xargs") == "a c/d")
    }

    @Test("a ref cannot be a file and a directory at once", arguments: [true, false], [true, false])
    func directoryConflicts(packed: Bool, atomic: Bool) async throws {
        _ = try await promote([RefCommand("refs/heads/a", to: one), RefCommand("refs/heads/b/c", to: one)])
        if packed { try await workspace.sh("git -C $R pack-refs --all --prune") }
        for (name, other) in [("refs/heads/a/x/y", "refs/heads/a"), ("refs/heads/b", "refs/heads/b/")] {
            let results = try await promote([RefCommand(name, to: one)], atomic: atomic)
            #expect(results.of(name) == "'\(other)' exists; cannot create this beside it")
        }
        let results = try await promote(
            [RefCommand("refs/heads/n", to: one), RefCommand("refs/heads/n/m", to: one)], atomic: atomic)
        #expect(results.of("refs/heads/n/m").hasPrefix("'refs/heads/n' exists"))
        #expect(try await value("refs/heads/n") == (atomic ? nil : one))
        #expect(try await workspace.sh("git -C $R fsck --strict") == "")
    }

    @Test("a branch makes room for one below it in the same push, in order", arguments: [true, false])
    func makeRoom(packed: Bool) async throws {
        _ = try await promote([RefCommand("refs/heads/a", to: one), RefCommand("refs/heads/b/c", to: one)])
        if packed { try await workspace.sh("git -C $R pack-refs --all --prune") }
        let results = try await promote([
            RefCommand("refs/heads/a", from: one, to: .zero), RefCommand("refs/heads/a/b", to: one),
            RefCommand("refs/heads/b/c", from: one, to: .zero), RefCommand("refs/heads/b", to: one),
        ])
        #expect(results.values.allSatisfy { $0 == .ok })
        #expect(
            try await workspace.sh("git -C $R for-each-ref refs/heads --format='%(refname:short)' | xargs") == "a/b b")
    }

    @Test("a symbolic ref is left alone")
    func symbolic() async throws {
        _ = try await promote([RefCommand("refs/heads/main", to: one)])
        try await workspace.sh("git -C $R symbolic-ref refs/heads/alias refs/heads/main")
        let results = try await promote([RefCommand("refs/heads/alias", from: one, to: two)])
        #expect(results.of("refs/heads/alias") == "refusing to update a symbolic ref")
        #expect(try await value("refs/heads/main") == one)
    }

    @Test("of many pushes that start from the same value exactly one wins")
    func race() async throws {
        _ = try await promote([RefCommand("refs/heads/main", to: one)])
        let targets = [two, side]
        for round in 0..<5 {
            let old = try #require(try await value("refs/heads/main"))
            let results = try await withThrowingTaskGroup { group in
                for index in 0..<8 {
                    let target = round.isMultiple(of: 2) ? targets[index % 2] : one
                    group.addTask {
                        try await promote([RefCommand("refs/heads/main", from: old, to: target)]).of("refs/heads/main")
                    }
                }
                return try await group.reduce(into: [String]()) { $0.append($1) }
            }
            #expect(results.filter { $0 == "ok" }.count == 1)
            #expect(results.filter { $0 == "fetch first" }.count == 7)
        }
    }

    @Test("of many that create the same ref exactly one wins")
    func creationRace() async throws {
        let results = try await withThrowingTaskGroup { group in
            for index in 0..<8 {
                let target = index.isMultiple(of: 2) ? one : two
                group.addTask { try await promote([RefCommand("refs/heads/new", to: target)]).of("refs/heads/new") }
            }
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(results.filter { $0 == "ok" }.count == 1)
        #expect(results.filter { $0 == "reference already exists" }.count == 7)
    }

    @Test("hundreds of refs with odd names go at once", arguments: [true, false])
    func many(atomic: Bool) async throws {
        let long = String(repeating: "l", count: 250)
        let names =
            (0..<300).map { "refs/heads/n\($0 % 7)/\($0)" } + [
                "refs/heads/héé", "refs/tags/a'b\"c;d", "refs/x/\(long)/\(long)",
            ]
        let updates = try names.map { try RefCommand($0, to: one) }
        let results = try await promote(updates, atomic: atomic)
        #expect(results.count == names.count && results.values.allSatisfy { $0 == .ok })
        #expect(try await workspace.sh("git -C $R for-each-ref | wc -l") == "\(names.count + 3)")
        let deletions = try names.map { try RefCommand($0, from: one, to: .zero) }
        #expect(try await promote(deletions, atomic: atomic).values.allSatisfy { $0 == .ok })
        #expect(try await repository.references().count == 3)
    }

    @Test("a name of 1,023 bytes is taken, one of 1,024 is refused in words", arguments: [1023, 1024])
    func longName(length: Int) async throws {
        let part = String(repeating: "n", count: 250)
        let start = "refs/heads/\(part)/\(part)/\(part)/\(part)/"
        let name = start + String(repeating: "m", count: length - start.utf8.count)
        let result = try await promote([RefCommand(name, to: one)]).of(name)
        #expect(result == (length == 1023 ? "ok" : "the ref's name has 1024 bytes, at most 1023 are accepted"))
        #expect(try await repository.references().count == (length == 1023 ? 4 : 3))
    }

    @Test("refs that are the same text in other bytes are two refs", arguments: [true, false])
    func canonicallyEqual(atomic: Bool) async throws {
        let (composed, decomposed) = ("refs/heads/caf\u{e9}", "refs/heads/cafe\u{301}")
        let results = try await promote(
            [RefCommand(composed, to: one), RefCommand(decomposed, to: two)], atomic: atomic)
        #expect(results.count == 2 && results.values.allSatisfy { $0 == .ok })
        let references = try await repository.references().filter { $0.name.utf8.starts(with: "refs/heads/".utf8) }
        #expect(references.map(\.target) == [two, one])
        #expect(Reference(name: composed, target: one) != Reference(name: decomposed, target: one))
        _ = try await promote([RefCommand(composed, from: one, to: .zero), RefCommand("\(decomposed)/x", to: one)])
        #expect(try await workspace.sh("git -C $R for-each-ref refs/heads --format='%(objectname)'") == two.hex)
        _ = try await promote([RefCommand("\(composed)/x", to: one)])
        #expect(try await workspace.sh("git -C $R for-each-ref refs/heads | wc -l") == "2")
    }

    @Test("two refs that are in each other's way are told far apart in one push too")
    func conflictAcrossPieces() async throws {
        let between = try (0..<150).map { try RefCommand("refs/tags/t\($0)", to: one) }
        let results = try await promote(
            [RefCommand("refs/heads/a", to: one)] + between + [RefCommand("refs/heads/a/b", to: one)])
        #expect(results.of("refs/heads/a") == "ok")
        #expect(results.of("refs/heads/a/b") == "'refs/heads/a' exists; cannot create this beside it")
    }

    @Test("a tag or commit that is too large does not become a ref", arguments: ["tag", "commit"])
    func hugeMessage(kind: String) async throws {
        let id = try await workspace.id(
            """
            cd w; (if [ \(kind) = tag ]; then printf 'object \(one)\\ntype commit\\ntag t\\n'; else echo tree \(one)^{tree} | git cat-file -p \(one) | sed -n 1p; fi
            if [ \(kind) = tag ]; then p=tagger; else p=committer; echo 'author A <a@b.c> 1 +0000'; fi
            echo "$p A <a@b.c> 1 +0000"; echo; yes | head -c 1100000) >../m
            git --git-dir=$R hash-object -w -t \(kind) ../m
            """)
        let results = try await promote([RefCommand("refs/tags/t", to: id)])
        #expect(results.of("refs/tags/t") == "the \(kind) is larger than 1048576 bytes")
    }

    @Test("the same pack twice does no harm, and a push needs no pack")
    func again() async throws {
        let three = try await workspace.id("cd w && commit three")
        let pack = try await workspace.bytes("cd w && git pack-objects --all --stdout -q </dev/null")
        #expect(try await repository.push(pack, [RefCommand("refs/heads/a", to: three)]).of("refs/heads/a") == "ok")
        #expect(try await repository.push(pack, [RefCommand("refs/heads/b", to: three)]).of("refs/heads/b") == "ok")
        #expect(try await repository.push([], [RefCommand("refs/heads/c", to: three)]).of("refs/heads/c") == "ok")
        #expect(try await workspace.sh("git -C $R fsck --strict && git -C $R log --oneline c | wc -l") == "3")
    }
}
