import Testing

@testable import Settings

@Suite("Suggestions")
struct SuggestionTests {
    @Test(
        "a slip finds what was meant, and nonsense finds nothing",
        arguments: [
            ("ssh.prot", "ssh.port"), ("ssh-port", "ssh.port"), ("shs.port", "ssh.port"), ("sh.port", "ssh.port"),
            ("ssh.max-unauthentcated", "ssh.max-unauthenticated"), ("zzzzzzzz", nil), ("", nil),
            (String(repeating: "s", count: 65), nil),
        ])
    func nearest(text: String, expected: String?) {
        #expect(Suggestion.nearest(to: text, among: SettingsTable.settings.map(\.key)) == expected)
    }
}
