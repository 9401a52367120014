import TestSupport
import Testing

@testable import Kubernetes

@Suite("Logs that are cut")
struct LogPassTests {
    @Test("no byte is lost or repeated however often and wherever a log is cut", arguments: Array<UInt64>(1...120))
    func cuts(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let file = LogFile.random(Int.random(in: 1...60, using: &random), &random)
        for shape in [LogShape.entries, .lines] {
            var position = LogPosition()
            var output: [UInt8] = []
            for _ in 0..<12 {
                let bytes = file.rendered(since: position.anchor.flatMap { LogFile.seconds($0.since) }, shape)
                var pass = LogPass(from: position, shape)
                let end = Int.random(in: 0...bytes.count, using: &random)
                let middle = Int.random(in: 0...end, using: &random)
                output += pass.consume(Array(bytes[..<middle]))
                output += pass.consume(Array(bytes[middle..<end]))
                #expect(!pass.isGapFound, "seed \(seed), \(shape)")
                position = pass.position
            }
            var last = LogPass(from: position, shape)
            output += last.consume(file.rendered(since: position.anchor.flatMap { LogFile.seconds($0.since) }, shape))
            output += last.finish()
            #expect(last.hasCaughtUp)
            #expect(output == file.content, "seed \(seed), \(shape)")
        }
    }

    @Test("a log that grows between readings is followed", arguments: Array<UInt64>(1...60))
    func growth(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let file = LogFile.random(80, &random)
        for shape in [LogShape.entries, .lines] {
            var position = LogPosition()
            var output: [UInt8] = []
            for count in [1, 3, 9, 20, 40, 60, 80] {
                let part = LogFile(entries: Array(file.entries.prefix(count)))
                let bytes = part.rendered(since: position.anchor.flatMap { LogFile.seconds($0.since) }, shape)
                var pass = LogPass(from: position, shape)
                output += pass.consume(bytes)
                if count == 80 { output += pass.finish() }
                #expect(!pass.isGapFound, "seed \(seed), \(shape)")
                position = pass.position
            }
            #expect(output == file.content, "seed \(seed), \(shape)")
        }
    }

    /// Reads a log in two readings, the first of which is cut after so many bytes.
    private func read(
        _ file: LogFile, cutAfter count: Int, _ first: LogShape, _ second: LogShape, at moments: [LogTime]
    ) -> (output: [UInt8], hasGap: Bool) {
        var pass = LogPass(from: LogPosition(), first)
        var output = pass.consume(Array(file.rendered(.lines).prefix(count)), at: moments[0])
        let since = pass.position.anchor.flatMap { LogFile.seconds($0.since) }
        var again = LogPass(from: pass.position, second)
        output += again.consume(file.rendered(since: since, .lines), at: moments[1])
        output += again.finish()
        return (output, pass.isGapFound || again.isGapFound)
    }

    @Test("what is taken for a stamp and is none costs itself only, wherever the log is cut and however it is read on")
    func wrongStamps() {
        let minute: Int64 = 60_000_000_000
        let printed = LogFile.stamp(LogFile.start + minute)
        var file = LogFile()
        for number in 0..<8 {
            let time = LogFile.start + Int64(number) * 10_000_000_000
            let text = number == 2 ? Array("lease until ".utf8) + printed + Array("or so".utf8) : []
            file.entries.append(.init(time: time, content: Array("line \(number) ".utf8) + text + [10]))
        }
        let text = String(decoding: file.content, as: UTF8.self)
        let short = text.replacing(String(decoding: printed, as: UTF8.self), with: "")
        let (soon, late) = (LogTime(LogFile.start + minute / 2), LogTime(LogFile.start + minute * 2))
        for count in 0...file.rendered(.lines).count {
            for (first, second) in [(LogShape.entries, LogShape.entries), (.entries, .lines), (.lines, .entries)] {
                for moments in [[soon, soon], [soon, late], [late, late]] {
                    let (output, hasGap) = read(file, cutAfter: count, first, second, at: moments)
                    let found = String(decoding: output, as: UTF8.self)
                    #expect(found == text || found == short, "cut after \(count), \(first), \(second), \(moments)")
                    #expect(!hasGap, "cut after \(count), \(first), \(second), \(moments)")
                }
            }
        }
    }

    @Test("a log that was rotated is told apart, and what is left of it comes")
    func rotation() {
        var random = SeededGenerator(seed: 7)
        var file = LogFile.random(40, &random)
        var pass = LogPass(from: LogPosition(), .lines)
        _ = pass.consume(file.rendered(.lines))
        let later = LogFile(entries: [.init(time: LogFile.start + 3_600_000_000_000, content: Array("new\n".utf8))])
        file = later
        var second = LogPass(from: pass.position, .lines)
        #expect(second.consume(file.rendered(.lines)) == Array("new\n".utf8))
        #expect(second.isGapFound)
    }

    @Test("what is left of a rotated log comes once, also after what was wrongly taken for a later stamp")
    func rotationAfterWrongStamp() {
        let second: Int64 = 1_000_000_000
        let printed = LogFile.stamp(LogFile.start + 60 * second)
        let before = LogFile(entries: [.init(time: LogFile.start, content: Array("due ".utf8) + printed + [10])])
        var first = LogPass(from: LogPosition(), .entries)
        _ = first.consume(before.rendered(.entries))
        let after = LogFile(entries: [
            .init(time: LogFile.start + 10 * second, content: Array("one\n".utf8)),
            .init(time: LogFile.start + 20 * second, content: Array("two\n".utf8)),
        ])
        var next = LogPass(from: first.position, .entries)
        #expect(next.consume(after.rendered(.entries)) == after.content && next.isGapFound)
        var last = LogPass(from: next.position, .entries)
        #expect(last.consume(after.rendered(.entries)).isEmpty && !last.isGapFound)
    }

    @Test("less behind the anchor than was delivered is a gap too")
    func shrunk() {
        let start = LogFile.start
        let before = LogFile(entries: [
            .init(time: start, content: Array("one\n".utf8)), .init(time: start, content: Array("two\n".utf8)),
        ])
        var first = LogPass(from: LogPosition(), .lines)
        #expect(first.consume(before.rendered(.lines)) == before.content)
        let after = LogFile(entries: [
            .init(time: start, content: Array("one\n".utf8)), .init(time: start + 5, content: Array("three\n".utf8)),
        ])
        var second = LogPass(from: first.position, .lines)
        #expect(second.consume(after.rendered(.lines)) == Array("three\n".utf8))
        #expect(second.isGapFound)
    }

    @Test("the rest of a line from before is passed over, and so is the kubelet's own talk")
    func remarks() {
        var position = LogPosition()
        position.begin(LogTime(LogFile.start))
        position.advance(2)
        var pass = LogPass(from: position, .lines)
        let text = Array("rest of a line\n".utf8) + LogFile.stamp(LogFile.start) + Array("abc\nunable to go on".utf8)
        #expect(pass.consume(text) == Array("c\n".utf8))
        #expect(pass.remark == Array("unable to go on".utf8))
    }
}
