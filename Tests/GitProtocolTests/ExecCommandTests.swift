import GitProtocol
import TestSupport
import Testing

@Suite("Exec requests")
struct ExecCommandTests {
    private func parse(_ text: String) throws -> ExecCommand.Kind { try ExecCommand.parse(Array(text.utf8)).kind }

    @Test(
        "what the real git client sends is understood",
        arguments: [
            ("git-upload-pack 'blog.git'", "blog.git"), ("git-upload-pack '/blog.git'", "/blog.git"),
            ("git-upload-pack '~bob/x.git'", "~bob/x.git"),
            (#"git-upload-pack 'it'\''s/a b'\!'$(x).git'"#, "it's/a b!$(x).git"),
            ("git-upload-pack '/../x'", "/../x"), (#"git-upload-pack 'a\b"c`d'"#, #"a\b"c`d"#),
            (#"git-upload-pack ''\'''\'''"#, "''"), (#"git-upload-pack ''\'''\!''\!''\'''"#, "'!!'"),
            ("git-upload-pack ''", ""), ("git-upload-pack blog", "blog"), ("git upload-pack 'blög'", "blög"),
        ])
    func uploadPack(text: String, path: String) throws {
        #expect(try parse(text) == .uploadPack(path: path))
        #expect(try parse(text.replacing("upload", with: "receive")) == .receivePack(path: path))
    }

    @Test("ping is ping, and the rest is unknown by name")
    func others() throws {
        #expect(try parse("ping") == .ping)
        #expect(try parse("git-upload-archive 'blog.git'") == .unknown("git-upload-archive"))
        #expect(try parse("git upload-archive 'blog.git'") == .unknown("git upload-archive"))
        #expect(try parse("git") == .unknown("git"))
        #expect(try parse("git-receive-packs 'x'") == .unknown("git-receive-packs"))
        #expect(try parse("/usr/bin/git-receive-pack 'x'") == .unknown("/usr/bin/git-receive-pack"))
        #expect(try parse("scp -t /tmp") == .unknown("scp"))
        #expect(try parse("rm -rf \"$HOME\"; true") == .unknown("rm"))
        #expect(try parse("pong") == .unknown("pong"))
        #expect(try parse("PING") == .unknown("PING"))
        #expect(try parse(String(repeating: "é", count: 100)) == .unknown(String(repeating: "é", count: 30) + "…"))
    }

    @Test(
        "anything else than one quoted or plain word is refused",
        arguments: [
            ("", ExecCommandError.empty), (" ", .empty), (" git-receive-pack 'x'", .empty),
            ("git-receive-pack", .missingPath), ("git-receive-pack ", .missingPath), ("git receive-pack", .missingPath),
            ("git-receive-pack 'a' 'b'", .extraWords), ("git-receive-pack 'a' ", .extraWords),
            ("git-receive-pack a b", .extraWords), ("git-receive-pack  'a'", .extraWords),
            ("git-receive-pack --x 'a'", .extraWords), ("ping ", .extraWords), ("ping x", .extraWords),
            ("git-receive-pack 'a", .unbalancedQuotes), ("git-receive-pack '", .unbalancedQuotes),
            ("git-receive-pack '''", .badQuoting), (#"git-receive-pack 'a'\'"#, .unbalancedQuotes),
            (#"git-receive-pack 'a'\''"#, .unbalancedQuotes), (#"git-receive-pack 'a'\'b"#, .badQuoting),
            (#"git-receive-pack 'a'\"#, .badQuoting), (#"git-receive-pack 'a'\x'b'"#, .badQuoting),
            ("git-receive-pack 'a''b'", .badQuoting), ("git-receive-pack 'a'b", .badQuoting),
            ("git-receive-pack 'a!b'", .badQuoting), ("git-receive-pack a'b'", .badQuoting),
            ("git-receive-pack \"a\"", .badQuoting), ("git-receive-pack $HOME", .badQuoting),
            ("git-receive-pack a;b", .badQuoting), (#"git-receive-pack a\'"#, .badQuoting),
            ("git-receive-pack 'a';ls", .badQuoting), ("git-receive-pack ~/x", .badQuoting),
            ("git-receive-pack 'a\nb'", .controlCharacter), ("git-receive-pack 'a'\n", .controlCharacter),
            ("git-receive-pack 'a\0'", .controlCharacter), ("ping\n", .controlCharacter),
            ("x\u{1b}", .controlCharacter),
        ])
    func refused(text: String, error: ExecCommandError) {
        #expect(throws: error) { try parse(text) }
    }

    @Test("length is limited, and bytes have to be UTF-8")
    func limits() throws {
        let prefix = "git-receive-pack "
        let path = String(repeating: "x", count: ExecCommand.maximumLength - prefix.utf8.count)
        #expect(try parse(prefix + path) == .receivePack(path: path))
        #expect(throws: ExecCommandError.tooLong(4097)) { try parse(prefix + path + "x") }
        #expect(throws: ExecCommandError.tooLong(65536)) { try ExecCommand.parse([UInt8](repeating: 0, count: 65536)) }
        #expect(throws: ExecCommandError.notUTF8) {
            try ExecCommand.parse(Array("git-receive-pack '".utf8) + [0xff, 0x27])
        }
    }

    /// What git's `sq_quote` does.
    private func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: #"'\''"#).replacing("!", with: #"'\!'"#) + "'"
    }

    @Test("quoting is undone exactly: every text comes back, and every form taken is the one git writes")
    func inverse() throws {
        let seed: UInt64 = 31
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("a'!\\ \"$".utf8)
        for round in 0..<2000 {
            let text = String(
                decoding: random.bytes(count: Int.random(in: 0...12, using: &random), from: alphabet), as: UTF8.self)
            #expect(
                try parse("git-receive-pack \(quoted(text))") == .receivePack(path: text),
                "seed \(seed), round \(round)")
            // The same characters, but as the form itself.
            if case .receivePack(let path)? = try? parse("git-receive-pack '\(text)'") {
                #expect(quoted(path) == "'\(text)'", "seed \(seed), round \(round)")
            }
        }
    }
}
