import TestSupport
import Testing

@testable import Kubernetes

@Suite("Logs as kubelets stamp them")
struct LogEntryParserTests {
    private static let seeds = Array<UInt64>(1...60)

    /// Parses and gives the stamps' moments and the content, which must not depend on how the bytes are cut.
    private func parse(
        _ pieces: [[UInt8]], _ shape: LogShape, at now: LogTime = .now
    ) -> (stamps: [LogTime], content: [UInt8], odd: [UInt8]) {
        var parser = LogEntryParser(shape)
        var (stamps, content, odd): ([LogTime], [UInt8], [UInt8]) = ([], [], [])
        for piece in pieces {
            parser.consume(piece, at: now) { piece in
                switch piece {
                case .stamp(let time), .inner(let time, _): stamps.append(time)
                case .content(let bytes): content += bytes
                case .unstamped(let bytes): odd += bytes
                }
            }
        }
        return (stamps, content + (parser.holdsContent ? parser.held : []), odd)
    }

    private func cut(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [[UInt8]] {
        let longest = [1, 2, 7, 40, 500].randomElement(using: &random) ?? 1
        var pieces: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 1...longest, using: &random))
            pieces.append(Array(bytes[start..<end]))
            start = end
        }
        return pieces
    }

    @Test("content comes out as it went in, whatever the kubelet and the cuts", arguments: seeds)
    func content(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for zone in ["Z", "+01:00", "-09:30"] {
            let file = LogFile.random(60, &random)
            for shape in [LogShape.entries, .lines] {
                // Content has stamps with Z and with +02:00; of one kind with the log's own they have to be told apart.
                let bytes = file.rendered(shape, zone: zone)
                let whole = parse([bytes], shape)
                #expect(whole.content == file.content, "seed \(seed), \(shape), zone \(zone)")
                #expect(whole.odd.isEmpty)
                let pieces = parse(cut(bytes, &random), shape)
                #expect(pieces.content == whole.content && pieces.stamps == whole.stamps, "seed \(seed), \(shape)")
            }
        }
    }

    @Test("a stamp is read in any zone, and what only looks like one is not")
    func stamps() {
        func match(_ text: String) -> LogTime.Match { LogTime.match(Array(text.utf8)[...]) }
        let moment = LogTime(seconds: 1_795_312_923, nanoseconds: 5, isUTC: true)
        #expect(match("2026-11-22T02:02:03.000000005Z x") == .stamp(moment, length: 31))
        #expect(match("2026-11-22T04:02:03.000000005+02:00 ") == .stamp(moment, length: 36))
        #expect(match("2026-11-21T16:32:03.000000005-09:30 ") == .stamp(moment, length: 36))
        for text in ["", "2", "2026-11-22T02:02:03.000000005Z", "2026-11-22T02:02:03.000000005+0"] {
            #expect(match(text) == .unfinished, "\(text)")
        }
        for text in [
            "x", "2026-11-22 02:02:03.000000005Z ", "2026-11-22T02:02:03.00000005Z ", "2026-13-22T02:02:03.000000005Z ",
            "2026-11-22T24:02:03.000000005Z ", "2026-11-22T02:02:03.000000005Zx", "2026-11-22T02:02:03.000000005 ",
        ] { #expect(match(text) == .no, "\(text)") }
        #expect(moment.since == "2026-11-22T02:02:02Z")
        #expect(LogTime(seconds: 951_782_400, nanoseconds: 0, isUTC: true).since == "2000-02-28T23:59:59Z")
        #expect(LogTime(seconds: 0, nanoseconds: 0, isUTC: true).since == "1970-01-01T00:00:00Z")
    }

    @Test("a time that a program prints in the middle of a line is left alone by both kinds")
    func printed() {
        let line =
            "2026-11-22T02:00:01.000000009Z token from 2026-11-22T02:00:01.000000008Z until 2027-01-01T00:00:00.000000000Z .\n"
        for shape in [LogShape.entries, .lines] {
            let parsed = parse([Array(line.utf8)], shape)
            #expect(String(decoding: parsed.content, as: UTF8.self) == String(line.dropFirst(31)))
            #expect(parsed.stamps.count == 1)
        }
    }

    @Test("a time that is yet to come is no stamp, however soon it comes", arguments: [6, 60, 86_000])
    func future(seconds: Int64) {
        let until = String(decoding: LogFile.stamp(LogFile.start + seconds * 1_000_000_000), as: UTF8.self)
        let content = "token valid until \(until)(in some time)\n"
        let now = LogTime(LogFile.start + 500_000_000)
        for shape in [LogShape.entries, .lines] {
            let parsed = parse([LogFile.stamp(LogFile.start) + Array(content.utf8)], shape, at: now)
            #expect(String(decoding: parsed.content, as: UTF8.self) == content)
        }
    }

    @Test("a node whose clock is ahead of ours is known by the beginnings of lines")
    func clockAhead() {
        let file = LogFile(entries: [
            .init(time: LogFile.start, content: Array("50 %".utf8)),
            .init(time: LogFile.start + 3_000_000_000, content: Array("100 %\n".utf8)),
        ])
        let now = LogTime(LogFile.start - 3_600_000_000_000)
        #expect(parse([file.rendered(.entries)], .entries, at: now).content == file.content)
    }

    @Test("what has no stamp at the beginning of a line is no content")
    func unstamped() {
        let text =
            "2026-11-22T02:00:01.000000009Z a\nfailed to watch file: too many open files\n2026-11-22T02:00:02.000000009Z b\n"
        for shape in [LogShape.entries, .lines] {
            let parsed = parse([Array(text.utf8)], shape)
            #expect(parsed.content == Array("a\nb\n".utf8))
            #expect(String(decoding: parsed.odd, as: UTF8.self) == "failed to watch file: too many open files\n")
        }
    }

    @Test(
        "the API server's version decides where stamps may be",
        arguments: [("1", "20+", LogShape.entries), ("1", "28", .entries), ("1", "29", .lines), ("2", "0", .lines)])
    func shape(major: String, minor: String, shape: LogShape) {
        let version = KubernetesVersion(.init(major: major, minor: minor, gitVersion: "v"))
        #expect(LogShape(version) == shape)
        #expect(LogShape(nil) == .entries)
    }
}
