import TestSupport
import Testing

@testable import Kubernetes

@Suite("Lines of watches")
struct WatchDecodingTests {
    @Test("lines come out whole however the bytes are cut", arguments: Array<UInt64>(1...40))
    func lines(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let lines = (0..<50).map { _ in
            (0..<Int.random(in: 0...200, using: &random)).map { _ in UInt8.random(in: 11...255, using: &random) }
        }
        let bytes = Array(lines.joined(separator: [10])) + [10]
        var buffer = LineBuffer(maximumLine: 200)
        var found: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 1...90, using: &random))
            buffer.append(bytes[start..<end])
            while let line = try buffer.next() { found.append(line) }
            start = end
        }
        #expect(found == lines.filter { !$0.isEmpty }, "seed \(seed)")
    }

    @Test("a line that is too long is refused, with and without its end", arguments: ["", "\n"])
    func limit(end: String) throws {
        var buffer = LineBuffer(maximumLine: 10)
        buffer.append(Array(("0123456789\n0123456789x" + end).utf8))
        #expect(try buffer.next()?.count == 10)
        #expect(throws: LineBuffer.TooLong.self) { try buffer.next() }
    }

    private struct Thing: Decodable, Equatable { let name: String }

    private func frame(_ text: String) throws -> WatchFrame<Thing> {
        try JSON.decode(WatchFrame<Thing>.self, from: Array(text.utf8), maximumSize: 1000)
    }

    @Test("every type of line is understood, and unknown ones are passed over")
    func frames() throws {
        let object = #"{"metadata":{"resourceVersion":"7"},"name":"n"}"#
        for (type, kind) in [("ADDED", WatchFrame<Thing>.Change.added), ("MODIFIED", .modified), ("DELETED", .deleted)]
        {
            guard case .change(kind, let thing, "7") = try frame(#"{"type":"\#(type)","object":\#(object)}"#) else {
                Issue.record("\(type)")
                continue
            }
            #expect(thing == Thing(name: "n"))
        }
        guard
            case .bookmark("9") = try frame(
                #"{"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"9","creationTimestamp":null},"spec":{"containers":null}}}"#
            )
        else {
            Issue.record("bookmark")
            return
        }
        guard
            case .failure(let status) = try frame(
                #"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old resource version: 1 (2)"}}"#
            )
        else {
            Issue.record("error")
            return
        }
        #expect(KubernetesError(status, operation: "watch").kind == .gone)
        guard case .unknown = try frame(#"{"type":"NEWS","object":{}}"#) else {
            Issue.record("unknown")
            return
        }
        #expect(throws: JSONProblem.self) { try frame(#"{"type":"ADDED","object":{"metadata":{}}}"#) }
    }
}
