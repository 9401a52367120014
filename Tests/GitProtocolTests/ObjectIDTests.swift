import GitProtocol
import Testing

@Suite("Object ids")
struct ObjectIDTests {
    private let text = "2e6189b3c2795c22f3ce2d6c33222d46913720d1"

    @Test("text and bytes go both ways")
    func roundTrip() throws {
        let id = try #require(ObjectID(text))
        #expect(id.hex == text)
        #expect("\(id)" == text)
        #expect(id.bytes.count == 20)
        #expect(id.bytes.prefix(3) == [0x2e, 0x61, 0x89])
        #expect(id.bytes.suffix(2) == [0x20, 0xd1])
        #expect(ObjectID(bytes: id.bytes) == id)
        #expect(ObjectID(hex: text.utf8) == id)
        #expect(ObjectID(text.uppercased()) == id)
    }

    @Test("zero means no object")
    func zero() throws {
        #expect(ObjectID.zero.hex == Conversation.zero)
        #expect(ObjectID.zero.isZero)
        #expect(try !#require(ObjectID(text)).isZero)
        #expect(try !#require(ObjectID("0000000000000000000000000000000000000001")).isZero)
    }

    @Test(
        "what is not 40 hex digits is no id",
        arguments: [
            "", "0", "2e6189b3c2795c22f3ce2d6c33222d46913720d", "2e6189b3c2795c22f3ce2d6c33222d46913720d11",
            "2e6189b3c2795c22f3ce2d6c33222d46913720dg", " 2e6189b3c2795c22f3ce2d6c33222d46913720d",
            "２e6189b3c2795c22f3ce2d6c33222d46913720",
        ])
    func refused(text: String) {
        #expect(ObjectID(text) == nil)
    }

    @Test("only 20 bytes are an id", arguments: [0, 19, 21])
    func wrongLength(count: Int) {
        #expect(ObjectID(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }
}
