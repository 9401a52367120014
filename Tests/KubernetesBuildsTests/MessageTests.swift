import Kubernetes
import TestSupport
import Testing

@testable import KubernetesBuilds

/// Small readers of what others write.
@Suite("Texts and amounts of the cluster")
struct MessageTests {
    private static let digest = "sha256:" + String(repeating: "0f", count: 32)

    @Test("a digest is found in what BuildKit, the lifecycle and an operator's command write")
    func digests() {
        #expect(TerminationMessage.digest(#"{"containerimage.digest":"\#(Self.digest)"}"#) == Self.digest)
        #expect(TerminationMessage.digest(#"{"image":"r.test/a:1","digest":"\#(Self.digest)"}"#) == Self.digest)
        #expect(TerminationMessage.image(#"{"image":"r.test/a:1","digest":"x"}"#) == "r.test/a:1")
        let report =
            "[build]\ndigest = \"none\"\n[image]\n  tags = [\"r.test/a:1\"]\n  digest = \"\(Self.digest)\"\n  manifest-size = 7\n"
        #expect(TerminationMessage.digest(report) == Self.digest)
    }

    @Test(
        "what is no digest is none",
        arguments: [
            "", "{}", "[]", #"{"digest":"sha256:0f"}"#, #"{"digest":"\#(digest.uppercased())"}"#,
            "[image]\ndigest = \"x\"",
            "[other]\ndigest = \"\(digest)\"", #"{"digest": 7}"#, "\(digest)",
        ])
    func noDigest(text: String) {
        #expect(TerminationMessage.digest(text) == nil)
    }

    @Test("what store-artifact says is read, and nothing else")
    func stored() {
        #expect(TerminationMessage.stored(#"{"artifact":null}"#)?.artifact == nil)
        #expect(TerminationMessage.stored(#"{"artifact":null}"#) != nil)
        #expect(TerminationMessage.stored(#"{"artifact":{"size":-1,"sha256":""}}"#) == nil)
        #expect(TerminationMessage.stored(#"{"artifact":{"size":1,"sha256":"ABC"}}"#) == nil)
        #expect(TerminationMessage.stored("the object store is away") == nil)
        #expect(TerminationMessage.stored(String(repeating: "[", count: 5000)) == nil)
    }

    @Test(
        "amounts are read as the cluster writes them",
        arguments: [
            ("500m", 0.5), ("2", 2), ("0.1", 0.1), ("64Gi", 68_719_476_736), ("1e3", 1000), ("128974848", 128_974_848),
            ("1k", 1000),
            ("100n", 1e-7), ("5Mi", 5_242_880),
        ])
    func quantities(text: String, value: Double) throws {
        let found = try #require(Quantity(text))
        #expect(abs(found.value - value) <= value * 1e-12)
    }

    @Test("what is no amount is none", arguments: ["", "a", "1x", "Gi", "--1", "nan", "inf", "1e400", "1 Gi"])
    func noQuantity(text: String) {
        #expect(Quantity(text) == nil)
    }

    @Test("amounts are told as people say them")
    func words() {
        #expect(
            Quantity("4")?.cpus == "4 CPUs" && Quantity("1")?.cpus == "1 CPU" && Quantity("500m")?.cpus == "0.5 CPUs")
        #expect(
            Quantity("64Gi")?.bytes == "64 GiB" && Quantity("1536Mi")?.bytes == "1.5 GiB"
                && Quantity("12")?.bytes == "12 bytes")
    }

    @Test("a quota leaves something or nothing")
    func quotas() {
        func shortage(_ hard: [String: String], _ used: [String: String], scopes: [String]? = nil) -> String? {
            QuotaObject(
                metadata: ObjectHead(name: "q"), spec: QuotaObject.Spec(scopes: scopes, scopeSelector: nil),
                status: QuotaObject.Status(hard: hard, used: used)
            ).shortage(for: BuildDemand.smallest)
        }
        // Full just now: what is built waits.
        #expect(shortage(["pods": "60"], ["pods": "60"]) == nil)
        #expect(shortage(["requests.cpu": "2"], ["requests.cpu": "2"]) == nil)
        #expect(shortage(["pods": "0"], [:]) == "pods 0 of 0 used")
        #expect(shortage(["requests.cpu": "0"], ["requests.cpu": "0"]) == "requests.cpu 0 of 0 used")
        #expect(shortage(["limits.memory": "0"], [:]) != nil)
        #expect(shortage(["count/jobs.batch": "2"], ["count/jobs.batch": "2"]) == "count/jobs.batch 2 of 2 used")
        #expect(shortage(["count/jobs.batch": "2"], ["count/jobs.batch": "1"]) == nil)
        #expect(shortage(["services": "0"], [:]) == nil)
        #expect(shortage(["pods": "0"], [:], scopes: ["BestEffort"]) == nil)
        #expect(shortage(["pods": "?"], [:]) == nil)
    }

    @Test(
        "any text becomes one printable line without what is secret in URLs",
        arguments: [
            ("a\nb\tc", "a b c"), ("  a  b ", "a b"), ("\u{1B}[1mx\u{7}", "[1mx"), ("\u{202E}x", "x"),
            ("get https://h/p?sig=1&x=2: timeout", "get https://h/p?… timeout"),
            (#"Head "https://h/p?sig=1": EOF"#, #"Head "https://h/p?…": EOF"#),
            ("why? because", "why? because"), ("", ""),
        ])
    func lines(text: String, line: String) {
        #expect(text.oneLine(100) == line)
    }

    @Test("a line has an end, whatever it is made of")
    func long() {
        #expect(String(repeating: "ab ", count: 1_000_000).oneLine(10) == "ab ab ab a…")
        #expect(String(repeating: "\n", count: 100_000).oneLine(10) == "")
    }
}
