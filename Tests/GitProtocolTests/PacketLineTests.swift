import GitProtocol
import TestSupport
import Testing

@Suite("Packet lines")
struct PacketLineTests {
    private func packets(_ text: String) throws -> [PacketLine] {
        var decoder = PacketLineDecoder()
        decoder.append(Array(text.utf8))
        var result: [PacketLine] = []
        while let packet = try decoder.next() { result.append(packet) }
        return result
    }

    @Test("all kinds are told apart")
    func kinds() throws {
        #expect(
            try packets("0006a\n000400000001000200A0")
                == [.data(Array("a\n".utf8)), .data([]), .flush, .delimiter, .responseEnd])
        #expect(try packets("") == [])
        #expect(try packets("000") == [])
    }

    @Test("what is no length is refused and stays refused")
    func badLengths() {
        func error(_ text: String) -> PacketLineError? {
            var decoder = PacketLineDecoder()
            decoder.append(Array(text.utf8))
            let first = #expect(throws: PacketLineError.self) { try decoder.next() }
            decoder.append(Array("0000".utf8))
            let second = #expect(throws: PacketLineError.self) { try decoder.next() }
            #expect(first == second)
            return first
        }
        #expect(error("0003") == .reservedLength)
        #expect(error("fff1") == .tooLong(65521))
        #expect(error("FFFF") == .tooLong(65535))
        #expect(error("PACK") == .badLength("PACK"))
        #expect(error("-001") == .badLength("-001"))
        #expect(error("0x10") == .badLength("0x10"))
        #expect(error("\u{1b}[2J") == .badLength("?[2J"))
    }

    @Test("the longest packet goes both ways, and what is over is cut off")
    func longest() throws {
        let payload = [UInt8](repeating: 0x61, count: PacketLine.maximumPayload)
        var decoder = PacketLineDecoder()
        decoder.append(PacketLineEncoder.line(payload))
        decoder.append(PacketLineEncoder.line(payload + [0x62]))
        #expect(try decoder.next() == .data(payload))
        #expect(try decoder.next() == .data(payload))
        #expect(try decoder.next() == nil)
        #expect(decoder.pendingCount == 0)
    }

    @Test("the remainder is what follows the packets taken")
    func remainder() throws {
        var decoder = PacketLineDecoder()
        decoder.append(Array("0005a0000PACK".utf8))
        #expect(try decoder.next() == .data([0x61]))
        #expect(try decoder.next() == .flush)
        #expect(decoder.takeRemainder() == Array("PACK".utf8))
        #expect(decoder.takeRemainder() == [])
        decoder.append(Array("0000".utf8))
        #expect(try decoder.next() == .flush)
    }

    @Test("many packets at once, and many bytes one by one, take linear time")
    func linearTime() throws {
        let count = 400_000
        var decoder = PacketLineDecoder()
        let elapsed = try ProcessorTime.ofThread {
            decoder.append(Array(repeating: Array("00040000".utf8), count: count).flatMap { $0 })
            var packets = 0
            while try decoder.next() != nil { packets += 1 }
            #expect(packets == 2 * count)
            for byte in Array(repeating: Array("0005a".utf8), count: 40_000).flatMap({ $0 }) {
                decoder.append([byte])
                _ = try decoder.next()
            }
        }
        #expect(decoder.pendingCount == 0)
        // Under a second without optimisation. Moving the rest for every packet copies 1.3 TB.
        #expect(elapsed < .seconds(10))
    }

    @Test("random payloads come back, however the bytes are split", arguments: [300, 60_000])
    func roundTrip(longest: Int) throws {
        let seed: UInt64 = 11
        var random = SeededGenerator(seed: seed)
        for round in 0..<(12_000 / longest + 4) {
            let payloads = (0..<10).map { index in
                [UInt8](repeating: UInt8(index), count: Int.random(in: 0...longest, using: &random))
            }
            var rest = payloads.flatMap { PacketLineEncoder.line($0) }[...]
            var decoder = PacketLineDecoder()
            var result: [PacketLine] = []
            while !rest.isEmpty {
                let length = Int.random(in: 1...longest * 3, using: &random)
                decoder.append(Array(rest.prefix(length)))
                rest = rest.dropFirst(length)
                // Sometimes packets pile up, so that read and unread bytes are in the buffer together.
                for _ in 0..<Int.random(in: 0...4, using: &random) {
                    if let packet = try decoder.next() { result.append(packet) }
                }
            }
            while let packet = try decoder.next() { result.append(packet) }
            #expect(result == payloads.map { .data($0) }, "seed \(seed), round \(round)")
        }
    }

    @Test("an ERR packet has several lines, no control characters, and less than 1,000 bytes")
    func error() {
        #expect(PacketLineEncoder.error("no\nmore") == Array("000fERR no\nmore".utf8))
        #expect(PacketLineEncoder.error("a\u{1b}[1mb\r\n") == Array("000eERR a?[1mb".utf8))
        let long = PacketLineEncoder.error(String(repeating: "é", count: 5000))
        #expect((990..<1000).contains(long.count))
        #expect(String(validating: long, as: UTF8.self)?.hasSuffix("é…") == true)
    }
}
