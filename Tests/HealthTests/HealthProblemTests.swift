import Health
import Testing

@Suite struct HealthProblemTests {
    @Test(
        "a cause is one short line without control characters",
        arguments: [
            ("no space is left", "no space is left"), ("no space is left.", "no space is left"),
            ("  a \n\t b\u{1b}[31mc\u{0}  ", "a b [31mc"), ("x\u{202e}evil", "x evil"), ("a\u{2028}b", "a b"),
            ("", "it does not say why"), ("...", "it does not say why"), ("größer", "größer"),
        ])
    func sanitised(given: String, expected: String) {
        #expect(HealthProblem(cause: given).cause == expected)
    }

    @Test("a long cause is cut at a character, within 120 bytes", arguments: ["a", "ü", "€", "😀", "a b"])
    func cut(piece: String) {
        let cause = HealthProblem(cause: String(repeating: piece, count: 500)).cause
        #expect(cause.utf8.count <= 120)
        #expect(cause.utf8.count > 110)
        #expect(cause.hasSuffix("…"))
        #expect(HealthProblem(cause: String(repeating: "a", count: 120)).cause == String(repeating: "a", count: 120))
    }

    @Test("an error that is not a HealthProblem is told to the log alone")
    func foreign() {
        struct Secret: Error, CustomStringConvertible {
            var description: String { "password\n=hunter2 at db.internal" }
        }
        let problem = HealthProblem(Secret())
        #expect(problem.cause == "the check failed; the server's log says why")
        #expect(problem.detail == "password =hunter2 at db.internal")
        #expect(
            HealthProblem(HealthProblem(cause: "a", detail: "b") as any Error) == HealthProblem(cause: "a", detail: "b")
        )
        #expect("\(HealthProblem(cause: "a", detail: "b"))" == "a (b)")
    }
}
