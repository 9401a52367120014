import TestSupport
import Testing

@testable import Kubernetes

@Suite("JSON")
struct JSONTests {
    @Test("values are what their text says")
    func values() throws {
        let text = #"{"a":[1,-2,0.5,true,false,null,"x\u00e9\n"],"b":{},"c":9007199254740993}"#
        let value = try JSON.parse(Array(text.utf8), maximumSize: 1000)
        #expect(value == ["a": [1, -2, .number(0.5), true, false, nil, "xé\n"], "b": [:], "c": 9_007_199_254_740_993])
        #expect(value["a"]?[0]?.integer == 1)
        #expect(value["a"]?[9] == nil && value["z"] == nil && value["a"]?["x"] == nil)
    }

    @Test("the same value has the same text, keys sorted and slashes plain")
    func text() throws {
        var value: JSON = ["z": "a/b", "a": 1]
        value["m"] = ["k": true]
        value["z2"] = "gone"
        value["z2"] = nil
        #expect(String(decoding: try value.encoded(), as: UTF8.self) == #"{"a":1,"m":{"k":true},"z":"a/b"}"#)
        #expect(throws: JSONProblem.noText) { try JSON.number(.infinity).encoded() }
    }

    @Test("what is too long or too deep is refused before it is read")
    func limits() throws {
        #expect(throws: JSONProblem.tooLong(limit: 3)) { try JSON.parse(Array("[1,2]".utf8), maximumSize: 3) }
        let deep = Array(repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: JSONProblem.tooDeep) { try JSON.parse(deep, maximumSize: 2_000_000) }
        // Brackets in strings do not count.
        let harmless = "\"" + String(repeating: "[{\\\"", count: 1000) + "\""
        #expect(try JSON.parse(Array(harmless.utf8), maximumSize: 100_000).string?.count == 3000)
    }

    @Test("what is no JSON is refused", arguments: ["", "{", "[1;2]", "nul", "<html>", "{\"a\":1}}", "\u{0}"])
    func nonsense(text: String) {
        #expect(throws: JSONProblem.notJSON) { try JSON.parse(Array(text.utf8), maximumSize: 100) }
    }

    @Test("an error names the place and no value")
    func place() throws {
        struct Pod: Decodable { let metadata: [String: Int] }
        do {
            _ = try JSON.decode(Pod.self, from: Array(#"{"metadata":{"token":"s3cret"}}"#.utf8), maximumSize: 100)
            Issue.record("decoded")
        } catch {
            #expect("\(error)".contains(".metadata.token") && !"\(error)".contains("s3cret"))
        }
    }

    @Test("any value survives its text", arguments: Array<UInt64>(1...40))
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let value = Self.value(&random, depth: 0)
        #expect(try JSON.parse(value.encoded(), maximumSize: 1 << 20) == value, "seed \(seed)")
    }

    @Test("any bytes are refused or read, and nothing else", arguments: Array<UInt64>(1...20))
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var bytes = try Self.value(&random, depth: 0).encoded()
        for _ in 0..<50 {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] = UInt8.random(in: 0...255, using: &random)
            _ = try? JSON.parse(bytes, maximumSize: 1 << 20)
        }
    }

    private static func value(_ random: inout SeededGenerator, depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth > 4 ? 5 : 7), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &random))
        case 3: return .number(Double.random(in: -1e9...1e9, using: &random) + 0.25)
        case 4:
            return .string(
                String(
                    String.UnicodeScalarView(
                        (0..<5).map { _ in
                            Unicode.Scalar(UInt32.random(in: 0...0xD7FF, using: &random)) ?? "x"
                        })))
        case 5: return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(&random, depth: depth + 1) })
        default:
            var members: [String: JSON] = [:]
            for index in 0..<Int.random(in: 0...4, using: &random) {
                members["k\(index)"] = value(&random, depth: depth + 1)
            }
            return .object(members)
        }
    }
}
