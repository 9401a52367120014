import GitProtocol
import Testing

@Suite("Side bands")
struct SideBandTests {
    @Test("the channel is the first byte")
    func channels() {
        #expect(SideBand.encode(Array("hi\n".utf8), on: .progress) == Array("0008\u{2}hi\n".utf8))
        #expect(SideBand.encode(Array("x".utf8), on: .data) == Array("0006\u{1}x".utf8))
        #expect(SideBand.encode(Array("x".utf8), on: .error) == Array("0006\u{3}x".utf8))
        #expect(SideBand.encode([], on: .data) == [])
    }

    @Test("long output is split into the largest packets", arguments: [1, 65514, 65515, 65516, 200_000])
    func splitting(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        var decoder = PacketLineDecoder()
        decoder.append(SideBand.encode(bytes, on: .data))
        var joined: [UInt8] = []
        var packets = 0
        while case .data(let payload)? = try decoder.next() {
            #expect(payload.first == 1)
            joined += payload.dropFirst()
            packets += 1
        }
        #expect(joined == bytes)
        #expect(packets == (count + 65514) / 65515)
    }
}
