import GitProtocol
import Testing

@Suite("The header of a pack")
struct PackHeaderTests {
    private func header(_ signature: String = "PACK", version: UInt8 = 2, count: [UInt8] = [0, 0, 0, 3]) -> [UInt8] {
        Array(signature.utf8) + [0, 0, 0, version] + count
    }

    @Test("version and number of objects are read")
    func reading() throws {
        let small = try PackHeader(header())
        #expect(small.version == 2 && small.objectCount == 3)
        let large = try PackHeader(header(version: 3, count: [0xff, 0xff, 0xff, 0xff]) + [1, 2, 3])
        #expect(large.version == 3 && large.objectCount == .max)
    }

    @Test("what is no header is refused")
    func refusing() {
        #expect(throws: PackHeaderError.truncated(0)) { try PackHeader([]) }
        #expect(throws: PackHeaderError.truncated(11)) { try PackHeader(header().dropLast()) }
        #expect(throws: PackHeaderError.badSignature("0000")) { try PackHeader(header("0000")) }
        #expect(throws: PackHeaderError.unsupportedVersion(1)) { try PackHeader(header(version: 1)) }
        #expect(throws: PackHeaderError.unsupportedVersion(4)) { try PackHeader(header(version: 4)) }
    }
}
