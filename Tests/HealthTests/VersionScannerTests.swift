import TestSupport
import Testing

@testable import Health

@Suite struct VersionScannerTests {
    @Test(
        "the version line is found after any others; all else is told from it",
        arguments: [
            ("SSH-2.0-slipway\r\n", VersionScanner.Finding.version), ("SSH-2.0-slipway\n", .version),
            ("hello\r\nthere\r\nSSH-2.0-x\r\n", .version), ("\n\n\nSSH-2.0-x\n", .version),
            ("SSH-2.0-x", .unfinished), ("hello\r\n", .unfinished), ("", .unfinished),
            ("SSH-1.5-old\r\n", .garbage), ("ssh-2.0-x\n", .unfinished), (" SSH-2.0-x\n", .unfinished),
            ("\u{0}", .garbage), ("\u{16}\u{3}\u{1}\u{0}", .garbage),
            (String(repeating: "x", count: 1_023), .unfinished), (String(repeating: "x", count: 1_024), .garbage),
            (String(repeating: "x\n", count: 512), .garbage),
        ])
    func findings(text: String, expected: VersionScanner.Finding) {
        var whole = VersionScanner()
        #expect(whole.consume(text.utf8) == expected)
        #expect(whole.isEmpty == text.isEmpty)
        var pieces = VersionScanner()
        var last = VersionScanner.Finding.unfinished
        for byte in text.utf8 where last == .unfinished { last = pieces.consume([byte]) }
        #expect(last == expected)
    }

    @Test("anything at all is decided upon within 1 KiB, however it is cut")
    func fuzz() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            var scanner = VersionScanner()
            var length = 0
            var finding = VersionScanner.Finding.unfinished
            while finding == .unfinished, length <= 1_024 {
                let piece = (0..<Int.random(in: 1...200, using: &random)).map { _ in
                    [10, 13, 83, 72, 45, 50, 46, 48, UInt8.random(in: 1...255, using: &random)]
                        .randomElement(using: &random) ?? 10
                }
                length += piece.count
                finding = scanner.consume(piece)
            }
            guard finding != .unfinished else {
                Issue.record("undecided after \(length) bytes with seed \(seed)")
                return
            }
        }
    }
}
