import GitProtocol
import Testing

@Suite("What a push may not be")
struct ReceivePackParserRefusalTests {
    private static let flush = PacketLineEncoder.flush

    @Test("a bad ref name is rejected alone, and the others go on")
    func badRefName() throws {
        let bad: [UInt8] = Array("refs/heads/\u{1b}[31m".utf8) + [0xff]
        let line = Array("\(Conversation.zero) \(PushWriter.idA) ".utf8) + bad
        let request = try #require(
            Outcome(
                PushWriter.command("refs/heads/a..b", capabilities: " atomic")
                    + PushWriter.command("refs/heads/ok", old: PushWriter.idA, new: Conversation.zero)
                    + PacketLineEncoder.line(line) + Self.flush
            ).request)
        #expect(request.commands.map(\.ref.rawValue) == ["refs/heads/ok"])
        #expect(request.rejected.map(\.refText) == ["refs/heads/a..b", "refs/heads/?[31m\u{fffd}"])
        #expect(request.rejected[1].name == bad)
        #expect(
            request.rejected.map(\.reason) == [RefNameError.doubleDot.description, RefNameError.notUTF8.description])
        #expect(request.needsPack, "a rejected creation sends its pack all the same")
        #expect(request.capabilities.contains("atomic"))
    }

    @Test(
        "lines that are no commands are refused",
        arguments: [
            "", "\n", "\0atomic", "PACK", "ERR no", "\(PushWriter.idA) \(PushWriter.idB)",
            "\(PushWriter.idA) \(PushWriter.idB) ", "\(PushWriter.idA)  \(PushWriter.idB) refs/heads/main",
            "\(PushWriter.idA)\t\(PushWriter.idB) refs/heads/main", "\(PushWriter.idA) \(PushWriter.idB)\trefs/heads/x",
            "g111111111111111111111111111111111111111 \(PushWriter.idB) refs/heads/main", "shallowX",
        ])
    func malformed(line: String) {
        let error = Outcome(PacketLineEncoder.line(line)).error
        guard case .malformedCommand = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a bad line is repeated short and printable")
    func excerpt() throws {
        let error = try #require(
            Outcome(PacketLineEncoder.line("\u{1b}]0;x\u{7}" + String(repeating: "é", count: 9999))).error)
        #expect(error.description.utf8.count < 250)
        #expect(!error.description.utf8.contains { $0 < 0x20 })
    }

    @Test("what comes is refused for what it is")
    func refusals() throws {
        func error(_ packets: [UInt8]...) -> ReceivePackError? { Outcome(packets.flatMap { $0 }).error }
        let main = try RefName("refs/heads/main")
        let first = PushWriter.command("refs/heads/main")
        let options = PushWriter.command("refs/heads/main", capabilities: "push-options") + Self.flush
        #expect(error(first, first) == .duplicate(main))
        #expect(error(first, PushWriter.command("refs/heads/b", capabilities: "atomic")) == .lateCapabilities)
        #expect(
            error(PushWriter.command("refs/heads/main", capabilities: " object-format=sha256"))
                == .objectFormat("sha256"))
        #expect(error(PushWriter.command("refs/heads/main", capabilities: "a\nb")) == .capabilities(.notText))
        #expect(error(PacketLineEncoder.line("shallow 12")) == .malformedShallow("shallow 12"))
        #expect(error(Array("0001".utf8)) == .unexpectedPacket)
        #expect(error(first, Array("0002".utf8)) == .unexpectedPacket)
        #expect(error(options, Array("0001".utf8)) == .unexpectedPacket)
        #expect(error(Array("GET / HTTP/1.1\r\n".utf8)) == .packetLine(.badLength("GET")))
        #expect(error(options, PacketLineEncoder.line("a\u{0}b")) == .badPushOption)
        #expect(error(options, PacketLineEncoder.line([0xc3])) == .badPushOption)
    }

    @Test("a SHA-256 client is told about the object format, not about its ids")
    func objectFormat() {
        let id = String(repeating: "1", count: 64)
        let bytes = PacketLineEncoder.line("\(id) \(id) refs/heads/main\0object-format=sha256")
        #expect(Outcome(bytes).error == .objectFormat("sha256"))
    }

    @Test("names that differ only in how their accents are written are different refs")
    func canonicallyEqualNames() throws {
        let bytes =
            PushWriter.command("refs/heads/\u{e9}") + PushWriter.command("refs/heads/e\u{301}") + Self.flush
        #expect(try #require(Outcome(bytes).request).commands.count == 2)
    }

    @Test("an error stays, whatever is fed afterwards")
    func errorIsFinal() {
        var parser = ReceivePackParser()
        #expect(throws: ReceivePackError.unexpectedPacket) { try parser.consume(Array("0001".utf8)) }
        #expect(throws: ReceivePackError.unexpectedPacket) { try parser.consume(Self.flush) }
        #expect(throws: ReceivePackError.unexpectedPacket) { try parser.endOfInput() }
    }
}
