import ObjectStorage
import Testing

@Suite("ObjectKey")
struct ObjectKeyTests {
    @Test(
        "a key of allowed segments is taken as it is",
        arguments: ["a", "a/b", "A-Z_0=9+x.tar.gz", "a..b", String(repeating: "s", count: 255)])
    func accepted(text: String) throws {
        #expect(try ObjectKey(text).rawValue == text)
        #expect("\(try ObjectKey(text))" == text)
    }

    @Test(
        "a key that could lead astray is refused",
        arguments: [
            ("", ObjectKeyError.empty), ("/a", .emptySegment), ("a/", .emptySegment), ("a//b", .emptySegment),
            ("/", .emptySegment), (".", .hiddenSegment), ("..", .hiddenSegment), ("a/../b", .hiddenSegment),
            ("a/.b", .hiddenSegment), ("a b", .badCharacter), ("a\u{0}", .badCharacter), ("é", .badCharacter),
            ("a\\b", .badCharacter), ("a\n", .badCharacter), ("a%2e", .badCharacter),
            (String(repeating: "s", count: 256), .segmentTooLong(256)),
            (String(repeating: "s/", count: 512) + "s", .tooLong(1025)),
        ])
    func refused(text: String, error: ObjectKeyError) {
        #expect(throws: error) { try ObjectKey(text) }
        #expect(!error.description.isEmpty)
    }

    @Test("a segment is appended, never more than one")
    func appending() throws {
        let key = try ObjectKey("a")
        #expect(try key.appending("b").rawValue == "a/b")
        #expect(throws: ObjectKeyError.badCharacter) { try key.appending("b/c") }
        #expect(throws: ObjectKeyError.hiddenSegment) { try key.appending("..") }
        #expect(throws: ObjectKeyError.emptySegment) { try key.appending("") }
    }

    @Test("keys are ordered by their bytes")
    func order() throws {
        let keys = try ["a-b", "a.b", "a/b", "a0", "aB", "ab"].map { try ObjectKey($0) }
        #expect(keys.shuffled().sorted() == keys)
    }
}
