import Foundation
import Identifiers
import TestSupport
import Testing

@testable import Access

@Suite("Access rules")
struct AccessRulesTests {
    private func problem(_ yaml: String) -> AccessFileError? {
        do throws(AccessFileError) {
            _ = try AccessRules.parse(yaml: yaml)
            return nil
        } catch {
            return error
        }
    }

    @Test("each user is found by key and by name, and may push exactly the named apps")
    func lookUp() throws {
        let rules = try AccessRules.parse(
            yaml: """
                users:
                  ci: {keys: ["\(Samples.bob) ci"], apps: ["*"]}
                  alice:
                    keys:
                      - \(Samples.alice) alice@laptop
                      - \(Samples.key(3))
                    apps: [blog-api, shop]
                """)
        #expect(rules.users.map(\.name) == ["alice", "ci"])
        #expect(rules.keyCount == 3)
        let alice = try #require(rules.user(forKeyBlob: Samples.blob(number: 3)))
        #expect(alice.name == "alice")
        #expect(alice.keys.first?.comment == "alice@laptop")
        #expect(alice.grant.allows(try AppName("blog-api")))
        #expect(!alice.grant.allows(try AppName("blog")))
        #expect(rules.user(named: "ci")?.grant == .all)
        #expect(rules.user(named: "nobody") == nil)
        #expect(rules.user(forKeyBlob: Samples.blob(number: 9)) == nil)
    }

    @Test("nobody is a valid set of users", arguments: ["users: {}", "users:", "# none\nusers: {}\n"])
    func nobody(yaml: String) throws {
        #expect(try AccessRules.parse(yaml: yaml).users.isEmpty)
    }

    @Test("a user may be without keys or apps, and have the same key or app twice")
    func harmless() throws {
        let rules = try AccessRules.parse(
            yaml: """
                users:
                  a: {keys: [], apps: []}
                  b: {keys: ["\(Samples.bob)", "\(Samples.bob) again"], apps: [x, x]}
                """)
        #expect(rules.user(named: "a")?.grant == .some([]))
        #expect(rules.user(named: "b")?.keys.count == 1)
    }

    @Test(
        "each mistake is refused with its line and what to do",
        arguments: [
            ("", 1, "expected \"users:\""),
            ("- a", 1, "got a list"),
            ("{}", 1, "write \"users: {}\" for nobody"),
            ("users: {}\nuser: {}", 2, "\"user\" is not known here"),
            ("users: []", 1, "got a list"),
            ("users:\n  a: 5", 2, "user a: expected {keys:"),
            ("users:\n  \"a b\": {keys: [], apps: []}", 2, "\"a b\" is no user name"),
            ("users:\n  a: {keys: [], apps: []}\n  a: {keys: [], apps: []}", 2, "\"a\" is written more than once"),
            ("users:\n  a:\n    keys: []\n    app: []", 4, "user a: \"app\" is not known"),
            ("users:\n  a: {apps: []}", 2, "\"keys\" is missing"),
            ("users:\n  a: {keys: []}", 2, "\"apps\" is missing"),
            ("users:\n  a:\n    keys: ssh-rsa\n    apps: []", 3, "keys is a single value; expected a list"),
            ("users:\n  a:\n    keys: [[x]]\n    apps: []", 3, "got a list"),
            ("users:\n  a:\n    keys: []\n    apps: \"*\"", 4, "apps is a single value; expected a list such as"),
            ("users:\n  a:\n    keys: []\n    apps: [*]", 4, "write a star in quotes"),
            ("users:\n  a:\n    keys: []\n    apps:\n    - \"*\"\n    - b", 5, "must be alone"),
            ("users:\n  a:\n    keys: []\n    apps:\n    - b\n    - \"*\"", 6, "must be alone"),
            ("users:\n  a:\n    keys: []\n    apps: [\"blog-*\"]", 4, "there are no patterns"),
            ("users:\n  a:\n    keys: []\n    apps: [Blog]", 4, "\"Blog\" is no app"),
            ("users:\n  a:\n    keys:\n    - ssh-dss AAAA\n    apps: []", 4, "user a: DSA keys"),
            (
                "users:\n  a: {keys: [\"\(Samples.bob)\"], apps: []}\n  b: {keys: [\"\(Samples.bob)\"], apps: []}", 3,
                "user b: this key (SHA256:"
            ),
            ("users: {a: &x {keys: [], apps: []}, b: *x}", 1, "anchors and aliases"),
            ("users:\n  a: {keys: [}\n", 2, "not valid YAML"),
        ])
    func mistakes(yaml: String, line: Int, reason: String) throws {
        let found = try #require(problem(yaml))
        #expect(found.line == line, "\(found)")
        #expect(found.description.hasPrefix("line \(line): "))
        #expect(found.reason.contains(reason), "\(found)")
        #expect(!found.reason.contains("\n"))
    }

    @Test("a key that two users share names both")
    func sharedKey() throws {
        let found = try #require(
            problem(
                "users:\n  zoe: {keys: [\"\(Samples.bob)\"], apps: []}\n  al: {keys: [\"\(Samples.bob)\"], apps: []}"))
        #expect(found.reason.hasPrefix("user al: this key"))
        #expect(found.reason.hasSuffix("is already the key of zoe"))
    }

    @Test("a file over 4 MiB is refused")
    func tooLong() throws {
        let found = try #require(problem("users: {}\n" + String(repeating: "#", count: 4 << 20)))
        #expect(found.reason.contains("at most 4194304"))
    }

    @Test("twenty thousand users are read in reasonable time")
    func many() throws {
        var yaml = "users:\n"
        for number in 0..<20_000 {
            yaml += " u\(number): {keys: [ssh-ed25519 \(Samples.base64(Samples.blob(number: number)))], apps: [a]}\n"
        }
        let rules = try AccessRules.parse(yaml: yaml)
        #expect(rules.keyCount == 20_000)
        #expect(rules.user(forKeyBlob: Samples.blob(number: 19_999))?.name == "u19999")
    }

    @Test("changed files never end the process, and errors stay on one line")
    func fuzz() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("AccessRules fuzz seed: \(seed)")
        var generator = SeededGenerator(seed: seed)
        let original = Array(
            "users:\n  a: {keys: [\"\(Samples.alice) x\"], apps: [\"*\"]}\n  b:\n    keys: []\n    apps: [c]\n".utf8)
        let signs = Array("*&!|>'\"%@`{}[],?:-#\n \t\\~ab0".utf8)
        let deadline = ContinuousClock.now + .seconds(1)
        while ContinuousClock.now < deadline {
            var bytes = original
            for _ in 0..<Int.random(in: 1...6, using: &generator) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                let sign = try #require(signs.randomElement(using: &generator))
                switch Int.random(in: 0...3, using: &generator) {
                case 0: bytes[index] = sign
                case 1: bytes.insert(sign, at: index)
                case 2: bytes.remove(at: index)
                default: bytes[index] = UInt8.random(in: 0...127, using: &generator)
                }
            }
            if let found = problem(String(decoding: bytes, as: UTF8.self)) {
                #expect(!found.description.contains("\n"))
            }
        }
    }
}
