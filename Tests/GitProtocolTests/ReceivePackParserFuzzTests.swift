import GitProtocol
import TestSupport
import Testing

@Suite("Hostile input")
struct ReceivePackParserFuzzTests {
    @Test("random bytes give the same outcome however they are split", arguments: [UInt64(1), 2, 3])
    func randomBytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // Mostly what packets are made of, so that some get past their length.
        let alphabet = Array("000123456789abcf \0\nrefs/headsshallow ".utf8) + [0xff, 0x80]
        for round in 0..<600 {
            let bytes = random.bytes(
                count: Int.random(in: 0...200, using: &random), from: round % 3 == 0 ? nil : alphabet)
            expectSame(bytes, &random, "seed \(seed), round \(round)")
        }
    }

    @Test("random lines in sound packets give the same outcome however they are split", arguments: [UInt64(4), 5])
    func randomLines(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("0123 \0\nrefs/heads..@{~*lock\u{e9}".utf8) + [0xff]
        for round in 0..<300 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                let name = random.bytes(count: Int.random(in: 0...30, using: &random), from: alphabet)
                bytes += PacketLineEncoder.line(
                    Array("\(Conversation.zero) \(PushWriter.idA) refs/heads/".utf8) + name)
            }
            expectSame(bytes + PacketLineEncoder.flush, &random, "seed \(seed), round \(round)")
        }
    }

    @Test("mutated conversations give the same outcome however they are split", arguments: [UInt64(6), 7])
    func mutations(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let originals = (Conversation.accepted + [.signed]).map(\.bytes)
        for round in 0..<300 {
            let bytes = random.mutation(of: originals[round % originals.count])
            expectSame(bytes, &random, "seed \(seed), round \(round)")
        }
    }

    private func expectSame(_ bytes: [UInt8], _ random: inout SeededGenerator, _ place: Comment) {
        let whole = Outcome(bytes)
        var chunks: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let length = Int.random(in: 0...20, using: &random)
            chunks.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        #expect(Outcome(feeding: chunks) == whole, place)
        if let request = whole.request { expectSound(request, place) }
        if let error = whole.error {
            #expect(error.description.utf8.count < 400, place)
            #expect(!error.description.utf8.contains { $0 < 0x20 || $0 == 0x7f }, place)
        }
    }

    /// What a request promises to all that use it.
    private func expectSound(_ request: ReceivePackRequest, _ place: Comment) {
        #expect(Set(request.commands.map(\.ref)).count == request.commands.count, place)
        for command in request.commands {
            #expect((try? RefName(command.ref.rawValue)) == command.ref, place)
        }
        for rejected in request.rejected {
            #expect(!rejected.refText.utf8.contains { $0 < 0x20 || $0 == 0x7f }, place)
            #expect(throws: RefNameError.self, place) { try RefName(bytes: rejected.name) }
        }
        let capabilities = request.capabilities.contains("push-options") ? "push-options" : ""
        let again = Outcome(PushWriter.bytes(of: request, capabilities: capabilities)).request
        if !request.commands.isEmpty {
            #expect(again?.commands == request.commands, place)
            #expect(again?.shallow == request.shallow, place)
            #expect(again?.pushOptions == request.pushOptions, place)
        }
    }
}
