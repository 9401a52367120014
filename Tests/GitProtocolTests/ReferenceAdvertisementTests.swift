import GitProtocol
import Testing

/// The texts are what git 2.39.5's receive-pack sent.
@Suite("The advertisement")
struct ReferenceAdvertisementTests {
    private let capabilities =
        "report-status report-status-v2 delete-refs side-band-64k quiet atomic ofs-delta object-format=sha1 agent=git/2.39.5"

    private func text(_ references: [(name: String, id: ObjectID)]) -> String {
        let words = capabilities.split(separator: " ").map(String.init)
        let advertisement = ReferenceAdvertisement(references: references, capabilities: words)
        return String(decoding: advertisement.encoded(), as: UTF8.self)
    }

    @Test("an empty repository hangs its capabilities on a placeholder")
    func empty() {
        #expect(text([]) == "00b1\(Conversation.zero) capabilities^{}\0\(capabilities)\n0000")
    }

    @Test("refs come in the order given, the first with the capabilities")
    func refs() throws {
        let main = try #require(ObjectID("74c23e8b12e5fda213259530807fd7585f838eeb"))
        let topic = try #require(ObjectID("2e6189b3c2795c22f3ce2d6c33222d46913720d1"))
        let tag = try #require(ObjectID("d7c819dace8d37e4efe9c4ea352ee67d4f83cb04"))
        let references = [
            (name: "refs/heads/main", id: main), (name: "refs/heads/topic", id: topic),
            (name: "refs/heads/ünïcode", id: main), (name: "refs/tags/v1", id: tag),
        ]
        #expect(
            text(references)
                == "00b1\(main) refs/heads/main\0\(capabilities)\n003e\(topic) refs/heads/topic\n"
                + "0042\(main) refs/heads/ünïcode\n003a\(tag) refs/tags/v1\n0000")
    }
}
