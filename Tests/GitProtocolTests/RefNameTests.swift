import GitProtocol
import Testing

@Suite("Names of refs")
struct RefNameTests {
    @Test(
        "what git allows is allowed",
        arguments: [
            "refs/heads/main", "refs/heads/a/b/c", "refs/tags/v1.0", "refs/heads/ünïcode", "refs/for/main",
            "refs/heads/@", "refs/heads/a@b", "refs/heads/a.b", "refs/heads/lock", "refs/heads/a.lockx",
            "refs/heads/-x",
            "refs/heads/{x}", "refs/heads/a'b\"c$d`e!", "refs/notes/commits", "refs/heads/HEAD", "refs/refs/refs",
        ])
    func allowed(text: String) throws {
        #expect(try RefName(text).rawValue == text)
    }

    @Test(
        "what git refuses is refused, and why",
        arguments: [
            ("", RefNameError.notUnderRefs), ("main", .notUnderRefs), ("HEAD", .notUnderRefs),
            ("/refs/heads/main", .notUnderRefs), ("Refs/heads/main", .notUnderRefs), ("refs", .notUnderRefs),
            ("refs/", .emptyComponent), ("refs/heads/", .emptyComponent), ("refs//heads", .emptyComponent),
            ("refs/heads//a", .emptyComponent), ("refs/stash", .oneLevel), ("refs/heads/.a", .dotAtStart),
            ("refs/../x", .dotAtStart), ("refs/heads/a/./b", .dotAtStart), ("refs/heads/a.", .dotAtEnd),
            ("refs/heads/a..b", .doubleDot), ("refs/heads/a.lock", .lockSuffix), ("refs/a.lock/b", .lockSuffix),
            ("refs/heads/a@{b", .reflogSyntax), ("refs/heads/a b", .badCharacter), ("refs/heads/a~", .badCharacter),
            ("refs/heads/a^", .badCharacter), ("refs/heads/a:b", .badCharacter), ("refs/heads/a?", .badCharacter),
            ("refs/heads/*", .badCharacter), ("refs/heads/a[", .badCharacter), ("refs/heads/a\\b", .badCharacter),
            ("refs/heads/a\n", .badCharacter), ("refs/heads/a\0b", .badCharacter),
            ("refs/heads/a\u{7f}", .badCharacter),
            ("refs/heads/a\u{1b}", .badCharacter),
        ])
    func refused(text: String, error: RefNameError) {
        #expect(throws: error) { try RefName(text) }
        #expect(error.description.utf8.count <= ReportStatus.maximumReasonLength)
    }

    @Test("length is limited, of the whole and of each part")
    func length() throws {
        let part = String(repeating: "x", count: RefName.maximumComponentLength)
        #expect(try RefName("refs/heads/" + part).branch == part)
        #expect(throws: RefNameError.componentTooLong(251)) { try RefName("refs/heads/x" + part) }
        let longest = "refs/heads/" + String(repeating: "a/", count: (1024 - 11) / 2) + "b"
        #expect(try RefName(longest).rawValue.utf8.count == 1024)
        #expect(throws: RefNameError.tooLong(1025)) { try RefName(longest + "b") }
    }

    @Test("bytes that are not UTF-8 are refused")
    func notUTF8() {
        #expect(throws: RefNameError.notUTF8) { try RefName(bytes: Array("refs/heads/".utf8) + [0xc3]) }
    }

    @Test("names are equal, hashed and ordered by their bytes, not by their text")
    func byBytes() throws {
        let composed = try RefName("refs/heads/\u{e9}")
        let decomposed = try RefName("refs/heads/e\u{301}")
        #expect(composed.rawValue == decomposed.rawValue, "to Swift's String they are the same")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        let ordered = ["a", "a-b", "a/b", "e\u{301}", "f", "\u{ff5e}", "\u{10000}"].map { "refs/heads/" + $0 }
        #expect(try ordered.reversed().map { name throws in try RefName(name) }.sorted().map(\.rawValue) == ordered)
    }

    @Test("a branch is known by its folder")
    func folders() throws {
        #expect(try RefName("refs/heads/a/b").branch == "a/b")
        #expect(try RefName("refs/heads/\u{301}x").branch == "\u{301}x", "an accent may follow the slash")
        #expect(try RefName("refs/tags/v1").branch == nil)
        #expect(try RefName("refs/headsx/v1").branch == nil)
    }
}
