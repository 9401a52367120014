import GitProtocol
import Testing

@Suite("The limits of a push")
struct ReceivePackParserLimitTests {
    private static let flush = PacketLineEncoder.flush
    private static let options = PushWriter.command("refs/heads/main", capabilities: "push-options") + flush

    @Test("10,000 commands are taken, one more is not")
    func commands() throws {
        var parser = ReceivePackParser()
        for index in 0..<ReceivePackParser.maximumCommands {
            #expect(try parser.consume(PushWriter.command("refs/tags/\(index)")) == nil)
        }
        var other = parser
        #expect(try parser.consume(Self.flush)?.commands.count == ReceivePackParser.maximumCommands)
        #expect(throws: ReceivePackError.tooManyCommands) { try other.consume(PushWriter.command("refs/tags/more")) }
    }

    @Test("rejected commands count too")
    func rejectedCommands() throws {
        var parser = ReceivePackParser()
        for _ in 0..<ReceivePackParser.maximumCommands {
            #expect(try parser.consume(PushWriter.command("x")) == nil)
        }
        #expect(throws: ReceivePackError.tooManyCommands) { try parser.consume(PushWriter.command("x")) }
    }

    @Test("shallow lines and long names end at 4 MiB")
    func commandBytes() throws {
        let line = PacketLineEncoder.line("shallow \(PushWriter.idA)\n")
        let fitting = ReceivePackParser.maximumCommandBytes / line.count
        var parser = ReceivePackParser()
        let block = Array(repeating: line, count: 1000).flatMap { $0 }
        for _ in 0..<fitting / 1000 {
            #expect(try parser.consume(block) == nil)
        }
        for _ in 0..<fitting % 1000 {
            #expect(try parser.consume(line) == nil)
        }
        #expect(throws: ReceivePackError.tooManyCommandBytes) { try parser.consume(line) }
    }

    @Test("a name too long for a report ends the push; a shorter one is rejected in it")
    func nameLength() throws {
        let longest = String(repeating: "x", count: ReceivePackParser.maximumReportedNameLength)
        let request = try #require(Outcome(PushWriter.command(longest) + Self.flush).request)
        #expect(request.rejected.first?.reason == RefNameError.tooLong(4096).description)
        #expect(request.rejected.first?.refText.utf8.count == 200)
        #expect(Outcome(PushWriter.command(longest + "x")).error == .refNameTooLong(4097))
    }

    @Test("64 push options of 1 KiB are taken")
    func pushOptions() throws {
        let option = String(repeating: "o", count: ReceivePackParser.maximumPushOptionLength)
        let most = Self.options + Array(repeating: PacketLineEncoder.line(option + "\n"), count: 64).flatMap { $0 }
        #expect(try #require(Outcome(most + Self.flush).request).pushOptions == Array(repeating: option, count: 64))
        #expect(Outcome(most + PacketLineEncoder.line("")).error == .tooManyPushOptions)
        #expect(Outcome(Self.options + PacketLineEncoder.line(option + "o")).error == .pushOptionTooLong(1025))
    }

    @Test("every limit is named in its message")
    func messages() {
        #expect(ReceivePackError.tooManyCommands.description.contains("10000"))
        #expect(ReceivePackError.tooManyCommandBytes.description.contains("4 MiB"))
        #expect(ReceivePackError.tooManyPushOptions.description.contains("64"))
        #expect(ReceivePackError.pushOptionTooLong(1).description.contains("1024"))
    }
}
