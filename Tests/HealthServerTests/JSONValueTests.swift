import TestSupport
import Testing

@testable import HealthServer

@Suite struct JSONValueTests {
    /// Reads JSON strictly and prints what it read in a form that both sides write alike.
    private static let reader = """
        import json, sys
        class Pairs(list): pass
        def refuse(text): raise ValueError(text)
        def show(value):
            if value is None: return "n"
            if value is True: return "t"
            if value is False: return "f"
            if isinstance(value, str): return "s" + value.encode("utf-8").hex() + "."
            if isinstance(value, int): return "i%d." % value
            if isinstance(value, float): return "d%r." % value
            if isinstance(value, Pairs): return "{" + "".join(show(k) + show(v) for k, v in value) + "}"
            return "[" + "".join(map(show, value)) + "]"
        for line in sys.stdin.buffer:
            print(show(json.loads(line.decode("utf-8"), object_pairs_hook=Pairs, parse_constant=refuse)))
        """

    /// What ``reader`` prints for a value.
    private static func shown(_ value: JSONValue) -> String {
        switch value {
        case .null: "n"
        case .bool(let value): value ? "t" : "f"
        case .integer(let value): "i\(value)."
        case .number(let value): value.isFinite ? "d\(value)." : "n"
        case .string(let value): shown(value)
        case .array(let values): "[" + values.map(shown).joined() + "]"
        case .object(let members): "{" + members.map { shown($0.name) + shown($0.value) }.joined() + "}"
        }
    }

    private static func shown(_ text: String) -> String {
        "s" + text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "."
    }

    private static func read(_ values: [JSONValue]) throws -> [String] {
        let result = try Tool.run(["python3", "-c", reader], input: values.flatMap { Array($0.text.utf8) })
        #expect(result.status == 0, "\(result.errors)")
        return String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test("python3 reads back what was written, whatever the strings hold")
    func roundTrip() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let values = (0..<60).map { _ in Self.anyValue(&random, depth: 3) }
        let read = try Self.read(values)
        #expect(read.count == values.count)
        for (value, read) in zip(values, read) { #expect(read == Self.shown(value), "seed \(seed)") }
    }

    @Test("numbers that JSON does not have become null")
    func numbers() throws {
        let values: [JSONValue] = [.number(.nan), .number(.infinity), .number(0.5), .number(1e-7), .number(-1e300)]
        #expect(values.map(\.text) == ["null\n", "null\n", "0.5\n", "1e-07\n", "-1e+300\n"])
    }

    @Test("the text is safe in a page and on one line")
    func escapes() {
        #expect(
            JSONValue.string("</script>\u{2028}\n\"\\\u{0}é").text
                == "\"\\u003c/script>\\u2028\\n\\\"\\\\\\u0000é\"\n")
    }

    @Test("every report is JSON", arguments: SampleReport.all.map(\.name))
    func reports(_ name: String) throws {
        let report = try #require(SampleReport.all.first { $0.name == name }?.report)
        #expect(try Self.read([report.json]).count == 1)
    }

    private static func anyValue(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .integer(.random(in: .min ... .max, using: &random))
        // Small, so that both sides write them alike.
        case 3: return .number(Double(Int.random(in: -1000...1000, using: &random)) + 0.5)
        case 4: return .string(anyText(&random))
        case 5: return .array((0..<3).map { _ in anyValue(&random, depth: depth - 1) })
        default:
            return .object(
                (0..<3).map { _ in .init(name: anyText(&random), value: anyValue(&random, depth: depth - 1)) })
        }
    }

    private static func anyText(_ random: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<12, using: &random) {
            let limit: UInt32 = [0x80, 0x3000, 0x11_0000].randomElement(using: &random) ?? 0x80
            if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) { text.append(scalar) }
        }
        return String(text)
    }
}
