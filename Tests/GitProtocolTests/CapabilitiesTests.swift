import GitProtocol
import Testing

@Suite("Capabilities")
struct CapabilitiesTests {
    @Test("words and values are found")
    func parsing() throws {
        let capabilities = try Capabilities(
            Array(" report-status  atomic agent=git/2.39.5 session-id=a=b agent=other ".utf8))
        #expect(capabilities.contains("atomic"))
        #expect(capabilities.contains("agent"))
        #expect(!capabilities.contains("report-status-v2"))
        #expect(!capabilities.contains("report"))
        #expect(capabilities.value(of: "agent") == "git/2.39.5")
        #expect(capabilities.values(of: "agent") == ["git/2.39.5", "other"])
        #expect(capabilities.value(of: "session-id") == "a=b")
        #expect(capabilities.value(of: "atomic") == nil)
        #expect(!Capabilities().contains("atomic"))
    }

    @Test("too much or no text is refused")
    func limits() throws {
        let words = Array(repeating: "x", count: Capabilities.maximumCount).joined(separator: " ")
        #expect(try Capabilities(Array(words.utf8)).contains("x"))
        #expect(throws: CapabilitiesError.tooMany(65)) { try Capabilities(Array((words + " x").utf8)) }
        #expect(throws: CapabilitiesError.tooLong(4097)) { try Capabilities([UInt8](repeating: 0x61, count: 4097)) }
        #expect(throws: CapabilitiesError.notText) { try Capabilities(Array("agent=\u{1b}".utf8)) }
        #expect(throws: CapabilitiesError.notText) { try Capabilities([0xff]) }
    }
}
