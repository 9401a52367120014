import GitProtocol
import Testing

@testable import PushPipeline

@Suite struct PushOutputTests {
    /// What a client makes of the side band: the progress text, and the data.
    private func demultiplex(_ bytes: [UInt8]) throws -> (progress: [UInt8], data: [UInt8]) {
        var decoder = PacketLineDecoder()
        decoder.append(bytes)
        var progress: [UInt8] = []
        var data: [UInt8] = []
        while let line = try decoder.next() {
            guard case .data(let payload) = line else { continue }
            if payload.first == 2 { progress += payload.dropFirst() } else { data += payload.dropFirst() }
        }
        return (progress, data)
    }

    @Test("bytes arrive as they are, whatever they are and however many")
    func unmangled() async throws {
        let channel = ScriptedChannel()
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await PushOutput(channel: channel, sideBand: true, patience: .seconds(60)).write(bytes)
        #expect(try demultiplex(channel.output).progress == bytes)
    }

    @Test("a heading never continues a line of the build")
    func headings() async throws {
        let channel = ScriptedChannel()
        let output = PushOutput(channel: channel, sideBand: true, patience: .seconds(60))
        try await output.heading("Building")
        try await output.write(Array("no newline".utf8))
        try await output.heading("Done")
        try await output.detail("1.2 KiB")
        let text = String(decoding: try demultiplex(channel.output).progress, as: UTF8.self)
        #expect(text == "-----> Building\nno newline\n-----> Done\n       1.2 KiB\n")
    }

    @Test("a client without side band reads text on its standard error, and the report alone on standard output")
    func withoutSideBand() async throws {
        let channel = ScriptedChannel()
        let output = PushOutput(channel: channel, sideBand: false, patience: .seconds(60))
        try await output.problem("first\nsecond")
        try await output.finish(report: Array("report".utf8))
        #expect(channel.errorText == " !     first\n !     second\n")
        #expect(channel.outputText == "report")
    }

    @Test("the report goes out as data, and a flush ends the side band")
    func report() async throws {
        let channel = ScriptedChannel()
        try await PushOutput(channel: channel, sideBand: true, patience: .seconds(60)).finish(
            report: Array("report".utf8))
        #expect(try demultiplex(channel.output).data == Array("report".utf8))
        #expect(channel.outputText.hasSuffix("0000"))
    }

    @Test("a client that takes nothing is given up")
    func stalled() async throws {
        let output = PushOutput(channel: StalledChannel(), sideBand: true, patience: .milliseconds(10))
        await #expect(throws: ClientNotReading.self) { try await output.heading("Building") }
    }

    @Test("silence is broken by a sign of life, again and again")
    func signsOfLife() async throws {
        let channel = ScriptedChannel()
        let output = PushOutput(channel: channel, sideBand: true, patience: .seconds(60), silence: .milliseconds(5))
        output.begin("building")
        try await output.withSignsOfLife {
            while channel.outputText.components(of: "still building").count < 4 { await Task.yield() }
        }
    }
}

/// A client whose window never opens.
private struct StalledChannel: ClientChannel {
    func read() async throws -> [UInt8]? { nil }
    func write(_ bytes: [UInt8]) async throws { try await Task.sleep(for: .seconds(3600)) }
    func writeError(_ bytes: [UInt8]) async throws { try await Task.sleep(for: .seconds(3600)) }
}

extension String {
    fileprivate func components(of separator: String) -> [Substring] { split(separator: separator) }
}
