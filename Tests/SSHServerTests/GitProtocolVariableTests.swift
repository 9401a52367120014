import Testing

@testable import SSHServer

@Suite("GIT_PROTOCOL") struct GitProtocolVariableTests {
    @Test(
        "what git sends is taken",
        arguments: ["version=2", "version=1", "version=2:object-format=sha1", String(repeating: "a", count: 128)])
    func valid(value: String) {
        #expect(GitProtocolVariable.isValid(value))
    }

    @Test(
        "anything else is not",
        arguments: [
            "", "version=2;ls", "version 2", "Version=2", "$(id)", "a\nb", "é", String(repeating: "a", count: 129),
        ])
    func invalid(value: String) {
        #expect(!GitProtocolVariable.isValid(value))
    }
}
