import StrictYAML
import TestSupport
import Testing

@Suite("Strict YAML")
struct StrictYAMLTests {
    private func problem(_ text: String, maximumBytes: Int = 1 << 20) -> YAMLProblem? {
        do throws(YAMLProblem) {
            _ = try StrictYAML.parse(text, maximumBytes: maximumBytes)
            return nil
        } catch {
            return error
        }
    }

    @Test("values keep their text and their place")
    func places() throws {
        let root = try StrictYAML.parse("# first\nport: 0123\non: [yes, \"~\", ~]\n", maximumBytes: 1000)
        guard case .map(let entries) = root.value else {
            Issue.record("no map")
            return
        }
        #expect(entries.map(\.key) == ["port", "on"])
        #expect(entries.map(\.line) == [2, 3])
        #expect(entries[0].value.value == .scalar("0123"))
        guard case .list(let items) = entries[1].value.value else {
            Issue.record("no list")
            return
        }
        #expect(items.map(\.value) == [.scalar("yes"), .scalar("~"), .null])
        #expect(items.map(\.column) == [6, 11, 16])
    }

    @Test("an empty document is null", arguments: ["", "# only a comment\n", "---\n"])
    func empty(text: String) throws {
        #expect(try StrictYAML.parse(text, maximumBytes: 1000).value == .null)
    }

    @Test(
        "what is dangerous or broken is refused with its line",
        arguments: [
            ("a: 1\nb: &x 2\n", 2, "anchors and aliases"),
            ("a: &x 1\nb: *x\n", 1, "anchors and aliases"),
            ("a: *x\n", 1, "undefined alias"),
            ("a: *\n", 1, "write a star in quotes"),
            ("a: 1\n\na: 2\n", 1, "\"a\" is written more than once"),
            ("a: 1\n[x]: 2\n", 2, "expected a name before the colon, got a list"),
            ("a: 1\nb\n", 3, "could not find expected ':'"),
            ("a: [1,\n", 2, "not valid YAML"),
            ("a: \"\\ud800\"\n", 1, "invalid Unicode"),
            ("a: 1\nb: \u{1}\n", 2, "control characters"),
            ("a: 1\n---\nb: 1\n", 2, "another document"),
            (String(repeating: "[", count: 17) + String(repeating: "]", count: 17), 1, "nested more than 16"),
        ])
    func refusals(text: String, line: Int, reason: String) throws {
        let found = try #require(problem(text))
        #expect(found.line == line, "\(found)")
        #expect(found.reason.contains(reason), "\(found)")
        #expect(!found.description.contains("\n"))
    }

    @Test("a text over the limit is not looked at")
    func tooLong() throws {
        let found = try #require(problem("aaaa", maximumBytes: 3))
        #expect(found.description == "the file has 4 bytes; at most 3 are accepted")
    }

    @Test("an alias bomb in a key ends at once")
    func bomb() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            text += "a\(level): &a\(level) [" + String(repeating: "*a\(level - 1),", count: 10) + "x]\n"
        }
        text += "? *a30\n: x\n"
        let elapsed = try ProcessorTime.ofThread {
            let found = try #require(problem(text))
            #expect(found.reason.contains("anchors and aliases"))
        }
        #expect(elapsed < .seconds(1))
    }

    @Test(
        "deep nesting of every kind is refused and does not end the process",
        arguments: ["[", "{", "- ", "? ", "{a: ", "[a, "])
    func deepNesting(opener: String) {
        #expect(problem(String(repeating: opener, count: 100_000)) != nil)
    }

    @Test("stray stars and ampersands in comments and quotes are accepted")
    func strays() throws {
        let root = try StrictYAML.parse("# *see* &that\na: \"x *y &z\"\nb: R&D\n", maximumBytes: 1000)
        #expect(root.kindName == "a map")
    }

    @Test("random text made of YAML's own signs never ends the process")
    func fuzz() {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("StrictYAML fuzz seed: \(seed)")
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "a", "b: ", ": ", "- ", "\n", "  ", "\t", "[", "]", "{", "}", ",", "\"", "'", "&x ", "*x ", "? ", "|", ">",
            "#", "!!", "!<", "%", "---\n", "...\n", "\\", "\\ud800", "\\x00", "\u{85}", "\u{2028}", "é", "👩‍👩‍👧", "\0",
            "\u{FEFF}", "null", "~", "@", "`", "%YAML 1.1\n", "%TAG ! x\n", "!!binary ",
        ]
        let deadline = ContinuousClock.now + .seconds(1)
        while ContinuousClock.now < deadline {
            let count = Int.random(in: 0...40, using: &generator)
            let text = (0..<count).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
            if let found = problem(text) { #expect(!found.description.contains("\n"), "\(text.debugDescription)") }
        }
    }

    @Test(
        "quoted text is printable, bounded and on one line",
        arguments: [
            ("plain", "\"plain\""),
            ("a\nb\u{1B}[31m", "\"a\\nb\\u{1B}[31m\""),
            ("é\u{202E}x", "\"é\\u{202E}x\""),
            ("say \"x\"", "\"say \\\"x\\\"\""),
            (String(repeating: "x", count: 1000), "\"" + String(repeating: "x", count: 64) + "…\""),
        ])
    func quoted(text: String, expected: String) {
        #expect(text.quoted == expected)
    }
}
