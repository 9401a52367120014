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
