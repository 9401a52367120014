import Testing

@testable import Kubernetes

@Suite("Texts for people")
struct TextTests {
    @Test(
        "what is told is one line without queries of URLs and without what may be a token",
        arguments: [
            ("a\nb\tc\u{1B}[31m", "a b c [31m"),
            (
                #"Get "https://10.0.0.1:10250/logs?token=s3cret&x=1": EOF"#,
                #"Get "https://10.0.0.1:10250/logs?…": EOF"#
            ),
            ("eyJhbGciOiJSUzI1NiIsImtpZCI6IlNlY3JldDEyMyJ9.eyJzdWIiOiJhZG1pbiJ9 is expired", "eyJh… is expired"),
            ("what? pods \"a-name-that-is-rather-long-but-has-no-capital-letters-1234567890\" not found", nil),
        ] as [(String, String?)])
    func printable(text: String, expected: String?) {
        #expect(text.printable(1000) == expected ?? text)
    }

    @Test("what is too long is cut")
    func length() {
        #expect(String(repeating: "é", count: 100).printable(10) == String(repeating: "é", count: 10) + "…")
    }

    @Test("every kind of error has words for logs and for pushers", arguments: KubernetesError.Kind.allCases)
    func words(kind: KubernetesError.Kind) {
        let status = APIStatus(code: 500, message: "failed calling webhook: Post https://hook.internal:443/x")
        let error = KubernetesError(kind, operation: "get pods a/b", status: status, detail: "10.0.0.1 refused")
        #expect("\(error)".contains("cannot get pods a/b") && "\(error)".contains("10.0.0.1"))
        #expect(!error.inWords.isEmpty && !error.inWords.contains("hook") && !error.inWords.contains("10.0"))
    }
}
