import GitProtocol
import TestSupport
import Testing

@Suite("With the git on this machine")
struct RealGitTests {
    private let capabilities = [
        "report-status", "report-status-v2", "side-band-64k", "delete-refs", "ofs-delta", "atomic", "push-options",
        "quiet", "object-format=sha1", "agent=slipway/test",
    ]

    private func advertisement(_ references: [(name: String, id: ObjectID)] = []) -> [UInt8] {
        ReferenceAdvertisement(references: references, capabilities: capabilities).encoded()
    }

    private func report(_ results: [(ref: String, result: RefResult)], unpack: String = "ok") -> [UInt8] {
        let status = ReportStatus(unpack: unpack, results: results)
        return SideBand.encode(status.encoded(version2: true), on: .data) + PacketLineEncoder.flush
    }

    @Test("a push is understood, and its report is shown")
    func push() throws {
        try RealGit.withRepository { git in
            _ = try git.run("tag", "-m", "v1", "v1")
            let commit = try #require(ObjectID(git.run("rev-parse", "main").text))
            let tag = try #require(ObjectID(git.run("rev-parse", "v1").text))
            let answers =
                advertisement() + SideBand.encode(Array("-----> Hello\n".utf8), on: .progress)
                + report([("refs/heads/main", .ok), ("refs/tags/v1", .rejected(reason: "tags are\nnot taken"))])
            let (run, sent) = try git.push(to: answers, "-o", "größe=1", "/blog.git", "main", "v1")
            #expect(run.status == 1)
            #expect(run.errors.contains("remote: -----> Hello"))
            #expect(run.errors.contains("[new branch]      main -> main"))
            #expect(run.errors.contains("[remote rejected] v1 -> v1 (tags are not taken)"))

            let outcome = Outcome(sent)
            let request = try #require(outcome.request)
            #expect(
                request.commands == [
                    RefCommand(old: .zero, new: commit, ref: try RefName("refs/heads/main")),
                    RefCommand(old: .zero, new: tag, ref: try RefName("refs/tags/v1")),
                ])
            #expect(request.pushOptions == ["größe=1"])
            guard case .complete(_, let pack) = outcome else { return }
            #expect(try PackHeader(pack).objectCount == 3)
        }
    }

    @Test("deleting, forcing, and nothing to do are told apart")
    func otherPushes() throws {
        try RealGit.withRepository { git in
            let commit = try #require(ObjectID(git.run("rev-parse", "main").text))
            let known = advertisement([(name: "refs/heads/main", id: commit)])
            let (deletion, deletionBytes) = try git.push(
                to: known + report([("refs/heads/main", .ok)]), "/blog.git", ":main")
            #expect(deletion.status == 0, "\(deletion.errors)")
            let deleted = try #require(Outcome(deletionBytes).request)
            #expect(deleted.commands == [RefCommand(old: commit, new: .zero, ref: try RefName("refs/heads/main"))])
            #expect(Outcome(deletionBytes) == .complete(deleted, remainder: []), "no pack comes with a deletion")

            let (nothing, nothingBytes) = try git.push(to: known, "/blog.git", "main")
            #expect(nothing.errors.contains("Everything up-to-date"))
            #expect(try #require(Outcome(nothingBytes).request).commands.isEmpty)

            _ = try git.run("commit", "-q", "--amend", "--allow-empty", "-m", "two")
            let answers = known + report([("refs/heads/main", .rejected(reason: "x"))], unpack: "index-pack failed")
            let (forced, forcedBytes) = try git.push(to: answers, "--atomic", "-f", "/blog.git", "main")
            #expect(forced.errors.contains("remote unpack failed: index-pack failed"))
            let request = try #require(Outcome(forcedBytes).request)
            #expect(request.commands.map(\.kind) == [.update])
            #expect(request.capabilities.contains("atomic"))
        }
    }

    @Test("an ERR packet in place of the advertisement is shown with all its lines")
    func refusal() throws {
        try RealGit.withRepository { git in
            let message = "you may not push shop.\n\nYou may push: blog\nPush 01ABC"
            let run = try git.push(to: PacketLineEncoder.error(message), "/shop.git", "main").run
            #expect(run.status == 128)
            #expect(run.errors.contains("remote error: \(message)"), "\(run.errors)")
        }
    }

    @Test("names are allowed and refused as git does it")
    func refNames() throws {
        let seed: UInt64 = 41
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("ab./@{}lock~*:\\ -é\u{1}".utf8)
        let names = Set(
            (0..<300).map { round in
                let name = String(decoding: random.bytes(count: 1 + round % 9, from: alphabet), as: UTF8.self)
                return "heads/" + name + (round % 5 == 0 ? ".lock" : "")
            }
        ).sorted()
        try RealGit.withRepository { git in
            let input = Array(names.map { $0 + "\n" }.joined().utf8)
            // Without "refs/", as receive-pack asks: so a single level below it is refused.
            let script = "while IFS= read -r name; do git check-ref-format \"$name\" && echo yes || echo no; done"
            let verdicts = try git.shell(script, input: input).text.split(separator: "\n")
            #expect(verdicts.count == names.count)
            for (name, verdict) in zip(names, verdicts) {
                let isAllowed = (try? RefName("refs/" + name)) != nil
                #expect(isAllowed == (verdict == "yes"), "\(name.debugDescription), seed \(seed)")
            }
            #expect(Set(verdicts).count == 2)
        }
    }

    @Test("git's own quoting is undone")
    func quoting() throws {
        let seed: UInt64 = 42
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("ab'!\\ \"$`é".utf8)
        let texts = (0..<100).map { round in
            String(decoding: random.bytes(count: round % 12, from: alphabet), as: UTF8.self)
        }
        try RealGit.withRepository { git in
            let input = Array(texts.map { $0 + "\n" }.joined().utf8)
            let script = "while IFS= read -r text; do git rev-parse --sq-quote \"$text\"; done"
            let lines = String(decoding: try git.shell(script, input: input).output, as: UTF8.self)
                .split(separator: "\n")
            #expect(lines.count == texts.count)
            for (text, line) in zip(texts, lines) {
                // Each line starts with a space.
                #expect(try ExecCommand.parse(Array("git-receive-pack\(line)".utf8)).kind == .receivePack(path: text))
            }
        }
    }
}
