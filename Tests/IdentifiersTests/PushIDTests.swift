import Identifiers
import Testing

@Suite struct PushIDTests {
    @Test("ids are unique, and read back as themselves")
    func roundTrip() {
        let ids = (0..<1000).map { _ in PushID.generate() }
        #expect(Set(ids).count == ids.count)
        for id in ids { #expect(PushID(id.rawValue) == id) }
    }

    @Test("ids sort by the time they were made")
    func sorts() async throws {
        let first = PushID.generate()
        let start = ContinuousClock.now
        while ContinuousClock.now - start < .milliseconds(2) {}
        #expect(first < PushID.generate())
        #expect(first.rawValue.hasPrefix("0"))
    }

    @Test(
        "texts that are no ULID are refused",
        arguments: [
            "", "01JD", "81JDABCDEFGHJKMNPQRSTVWXYZ", "01jdabcdefghjkmnpqrstvwxyz", "01JDABCDEFGHJKMNPQRSTVWXY/",
        ])
    func refuses(text: String) {
        #expect(PushID(text) == nil)
    }
}
