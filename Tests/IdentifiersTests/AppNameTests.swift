import Identifiers
import Testing

@Suite struct AppNameTests {
    @Test(
        "a DNS-1123 label is an app name",
        arguments: ["a", "blog", "blog-api", "7", "a1-b2", String(repeating: "x", count: 63)])
    func accepts(name: String) throws {
        #expect(try AppName(name).rawValue == name)
    }

    @Test(
        "anything else is refused, with the broken rule named",
        arguments: [
            ("", AppNameError.empty), (String(repeating: "x", count: 64), .tooLong(64)), ("Blog", .badCharacter),
            ("../x", .badCharacter), ("a/b", .badCharacter), ("a.git", .badCharacter), ("a\0b", .badCharacter),
            ("a\n", .badCharacter), ("ｂlog", .badCharacter), ("-a", .badEdge), ("a-", .badEdge),
        ])
    func refuses(name: String, error: AppNameError) {
        #expect(throws: error) { try AppName(name) }
    }
}
