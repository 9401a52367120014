import GitProtocol
import Testing

@Suite("What the real git client sends")
struct ReceivePackParserTests {
    @Test("a new branch is one command that creates, and the pack is left over")
    func create() throws {
        let conversation = Conversation.create
        let outcome = Outcome(conversation.bytes)
        let request = try #require(outcome.request)
        #expect(outcome == .complete(request, remainder: conversation.packBytes))
        let command = try #require(request.commands.first)
        #expect(request.commands.count == 1)
        #expect(command.kind == .create)
        #expect(command.old == .zero)
        #expect(command.new.hex == "2e6189b3c2795c22f3ce2d6c33222d46913720d1")
        #expect(command.ref.branch == "main")
        #expect(request.capabilities.contains("report-status-v2"))
        #expect(request.capabilities.value(of: "agent") == "git/2.39.5")
        #expect(request.needsPack)
        #expect(try PackHeader(conversation.packBytes).objectCount == 3)
    }

    @Test("several refs keep their order, and push options come with them")
    func severalRefs() throws {
        let request = try #require(Outcome(Conversation.severalRefs.bytes).request)
        #expect(
            request.commands.map(\.ref.rawValue)
                == ["refs/heads/main", "refs/heads/topic", "refs/tags/v1", "refs/heads/ünïcode"])
        #expect(request.commands.map(\.kind) == [.update, .create, .create, .create])
        #expect(request.capabilities.contains("atomic"))
        #expect(request.pushOptions == ["ci.skip", "deploy=héllo wörld"])
    }

    @Test("deletions alone need no pack; with an update they do")
    func deletions() throws {
        let alone = try #require(Outcome(Conversation.delete.bytes).request)
        #expect(alone.commands.map(\.kind) == [.delete])
        #expect(!alone.needsPack)
        let mixed = try #require(Outcome(Conversation.forceAndDelete.bytes).request)
        #expect(mixed.commands.map(\.kind) == [.update, .delete])
        #expect(mixed.needsPack)
    }

    @Test("pushing nothing is a request without commands")
    func upToDate() throws {
        let request = try #require(Outcome(Conversation.upToDate.bytes).request)
        #expect(request.commands.isEmpty && request.rejected.isEmpty && !request.needsPack)
        let shallow = try #require(Outcome(Conversation.shallowUpToDate.bytes).request)
        #expect(shallow.shallow.map(\.hex) == ["655d3336cc5bf1aeca671bded4cfd5ee4cecda9d"])
        #expect(shallow.commands.isEmpty)
    }

    @Test("a signed push is refused with what to do")
    func signed() {
        #expect(Outcome(Conversation.signed.bytes).error == .pushCertificate)
        #expect(ReceivePackError.pushCertificate.description.contains("--no-signed"))
    }

    @Test("the request is the same at every split point", arguments: Conversation.accepted + [.signed])
    func splits(conversation: Conversation) {
        let bytes = conversation.bytes
        let whole = Outcome(bytes)
        for split in 0...bytes.count {
            let outcome = Outcome(feeding: [Array(bytes[..<split]), Array(bytes[split...])])
            #expect(outcome == whole, "split at \(split)")
        }
        #expect(Outcome(feeding: bytes.map { [$0] }) == whole)
    }

    @Test("the end of the stream is an error only in the middle of the request", arguments: Conversation.accepted)
    func endOfInput(conversation: Conversation) {
        let request = Array(conversation.request.utf8)
        for length in 0..<request.count {
            let outcome = Outcome(Array(request[..<length]))
            if length == 0 {
                #expect(outcome == .waiting(atEnd: nil))
            } else if case .waiting(.endedEarly) = outcome {
            } else {
                Issue.record("after \(length) bytes: \(outcome)")
            }
        }
        #expect(Outcome(request).request != nil)
    }

    @Test("a complete request is not undone by more bytes or the end of the stream")
    func afterCompletion() throws {
        var parser = ReceivePackParser()
        let first = try #require(try parser.consume(Array(Conversation.delete.request.utf8)))
        #expect(try parser.consume([1, 2]) == first)
        #expect(parser.takeRemainder() == [1, 2])
        #expect(try parser.consume([3]) == first)
        #expect(parser.takeRemainder() == [3])
        try parser.endOfInput()
    }
}
