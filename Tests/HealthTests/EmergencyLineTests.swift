import Glibc
import Testing

@testable import Health

@Suite struct EmergencyLineTests {
    private func withPipe(_ body: (_ read: Int32, _ write: Int32) throws -> Void) throws {
        var ends: [Int32] = [0, 0]
        try #require(unsafe pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        try body(ends[0], ends[1])
    }

    @Test("a line is written whole, and as one line")
    func written() throws {
        try withPipe { reader, writer in
            #expect(EmergencyLine.write("a\nb", to: writer))
            var buffer = [UInt8](repeating: 0, count: 100)
            let count = unsafe read(reader, &buffer, buffer.count)
            #expect(String(decoding: buffer.prefix(count), as: UTF8.self) == "a b\n")
        }
    }

    @Test("a pipe that nobody reads does not hold it up")
    func full() throws {
        try withPipe { _, writer in
            var written = 0
            while EmergencyLine.write(String(repeating: "x", count: 10_000), to: writer) { written += 1 }
            #expect(written > 0)
        }
    }

    @Test("a descriptor that is closed does no harm")
    func closed() { #expect(!EmergencyLine.write("a", to: -1)) }
}
