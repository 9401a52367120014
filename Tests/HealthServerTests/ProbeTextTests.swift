import HTTPTypes
import Health
import Testing

@testable import HealthServer

/// kube-apiserver's format, by its source: staging/src/k8s.io/apiserver/pkg/server/healthz/healthz.go.
@Suite struct ProbeTextTests {
    private static let checks = [
        ProbeCheck(name: "ssh"), ProbeCheck(name: "slots", problem: "all 64 connections are taken"),
    ]

    private func text(_ checks: [ProbeCheck], _ path: String, single: String? = nil) -> (Int, String) {
        let answer = ProbeText.answer("readyz", checks, single: single, ProbeQuery(RequestTarget(path)))
        return (answer.status.code, String(decoding: answer.body, as: UTF8.self))
    }

    @Test("all well is ok, or a line for each check when asked for")
    func healthy() {
        let checks = [ProbeCheck(name: "ssh"), ProbeCheck(name: "slots")]
        #expect(text(checks, "/readyz") == (200, "ok"))
        #expect(text(checks, "/readyz?verbose") == (200, "[+]ssh ok\n[+]slots ok\nreadyz check passed\n"))
        #expect(text(checks, "/readyz?verbose=1&x=y") == (200, "[+]ssh ok\n[+]slots ok\nreadyz check passed\n"))
    }

    @Test("a failure lists all checks, asked for or not")
    func failing() {
        let expected = "[+]ssh ok\n[-]slots failed: all 64 connections are taken\nreadyz check failed\n"
        #expect(text(Self.checks, "/readyz") == (503, expected))
        #expect(text(Self.checks, "/readyz?verbose") == (503, expected))
    }

    @Test("a check that is left out counts as good")
    func excluded() {
        #expect(text(Self.checks, "/readyz?exclude=slots") == (200, "ok"))
        #expect(
            text(Self.checks, "/readyz?verbose&exclude=slots&exclude=ssh")
                == (200, "[+]ssh excluded: ok\n[+]slots excluded: ok\nreadyz check passed\n"))
        #expect(text(Self.checks, "/readyz?exclude=ssh").0 == 503)
    }

    @Test("what cannot be left out is named")
    func unknownExcluded() {
        let warning = "warn: some health checks cannot be excluded: no matches for"
        #expect(
            text(Self.checks, "/readyz?verbose&exclude=slots&exclude=disk&exclude=a%22%0Ab")
                == (
                    200,
                    "[+]ssh ok\n[+]slots excluded: ok\n\(warning) \"disk\", \"a\" b\"\nreadyz check passed\n"
                ))
    }

    @Test("many and long names of what is left out make no long answer")
    func manyExcluded() {
        let many = (0..<200).map { "exclude=\($0)\(String(repeating: "x", count: 500))" }.joined(separator: "&")
        #expect(text(Self.checks, "/readyz?\(many)").1.utf8.count < 3000)
    }

    @Test("one check alone can be asked for")
    func single() {
        #expect(text(Self.checks, "/", single: "ssh") == (200, "ok"))
        #expect(text(Self.checks, "/?verbose", single: "ssh") == (200, "[+]ssh ok\nreadyz check passed\n"))
        #expect(
            text(Self.checks, "/", single: "slots")
                == (503, "[-]slots failed: all 64 connections are taken\nreadyz check failed\n"))
        #expect(text(Self.checks, "/", single: "x") == (404, "readyz has no check \"x\"; it has: ssh, slots\n"))
    }

    @Test("a problem of several lines stays in one")
    func oneLine() {
        let checks = [ProbeCheck(name: "ssh", problem: "a\n[+]ssh ok\r\nb\u{2028}c")]
        #expect(text(checks, "/").1 == "[-]ssh failed: a [+]ssh ok  b c\nreadyz check failed\n")
    }
}
