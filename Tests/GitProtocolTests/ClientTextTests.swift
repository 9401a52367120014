import GitProtocol
import TestSupport
import Testing

@Suite("Text for clients")
struct ClientTextTests {
    @Test(
        "one line has no control characters",
        arguments: [
            ("plain", "plain"), ("a\nb\r\nc\td", "a b c d"), ("\n a \n", "a"), ("\u{1b}[31mred", "?[31mred"),
            ("nul\0del\u{7f}c1\u{9b}", "nul?del?c1?"), ("a\u{2028}b", "a b"), ("abc\u{202e}cba", "abc?cba"), ("", ""),
            ("50%\r60%", "50% 60%"), ("e\u{301}", "e\u{301}"), ("👩‍👩‍👧", "👩‍👩‍👧"),
        ])
    func line(text: String, expected: String) {
        #expect(ClientText.line(text, maximumBytes: 100).unicodeScalars.elementsEqual(expected.unicodeScalars))
    }

    @Test("several lines keep their line feeds")
    func lines() {
        #expect(ClientText.lines("\na\r\n\n  b\rc\u{7}\n", maximumBytes: 100) == "a\n\n  b\nc?")
    }

    @Test("what is too long is cut between characters", arguments: 0...20)
    func cut(maximum: Int) {
        for text in ["abcdefghijklmnopqrstuvwxyz", "ééééééééééééééé", "👍👍👍👍👍👍👍👍", "a👍é\u{fffd}a👍é\u{fffd}abc"] {
            let result = ClientText.line(text, maximumBytes: maximum)
            #expect(result.utf8.count <= maximum)
            #expect(result.isEmpty ? maximum < 3 : result.hasSuffix("…"))
            #expect(text.unicodeScalars.starts(with: result.unicodeScalars.dropLast()))
        }
        let exact = String(repeating: "x", count: maximum)
        #expect(ClientText.line(exact, maximumBytes: maximum) == exact)
    }

    @Test("random text is always clean and short")
    func random() {
        let seed: UInt64 = 21
        var random = SeededGenerator(seed: seed)
        for round in 0..<500 {
            let text = String(decoding: random.bytes(count: Int.random(in: 0...60, using: &random)), as: UTF8.self)
            let result = ClientText.line(text, maximumBytes: 40)
            #expect(result.utf8.count <= 40, "seed \(seed), round \(round)")
            #expect(
                result.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control },
                "seed \(seed), round \(round)")
        }
    }
}
