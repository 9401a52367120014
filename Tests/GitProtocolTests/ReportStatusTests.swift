import GitProtocol
import Testing

@Suite("The report")
struct ReportStatusTests {
    private func text(_ status: ReportStatus) -> String {
        String(decoding: status.encoded(version2: true), as: UTF8.self)
    }

    @Test("it reads as git's own")
    func golden() {
        let status = ReportStatus(
            unpack: "ok",
            results: [
                ("refs/heads/main", .ok), ("refs/heads/topic", .ok), ("refs/tags/v1", .ok), ("refs/heads/ünïcode", .ok),
            ])
        let expected =
            "000eunpack ok\n0017ok refs/heads/main\n0018ok refs/heads/topic\n0014ok refs/tags/v1\n001cok refs/heads/ünïcode\n0000"
        #expect(text(status) == expected)
        #expect(status.encoded(version2: false) == status.encoded(version2: true))
    }

    @Test("reasons are one short line without control characters")
    func reasons() {
        let long = String(repeating: "é", count: 500)
        let status = ReportStatus(
            unpack: "index-pack\nfailed\u{1b}[1m",
            results: [("refs/heads/a", .rejected(reason: "line\r\nbreak")), ("refs/heads/b", .rejected(reason: " \n"))])
        #expect(
            text(status)
                == "0021unpack index-pack failed?[1m\n001fng refs/heads/a line break\n001cng refs/heads/b refused\n0000"
        )
        let cut = ReportStatus(unpack: "ok", results: [("refs/heads/a", .rejected(reason: long))]).encoded(
            version2: false)
        #expect(String(validating: cut, as: UTF8.self)?.hasSuffix("é…\n0000") == true)
        #expect(cut.count <= 14 + 4 + 16 + ReportStatus.maximumReasonLength + 1 + 4)
    }

    @Test("a name that is not UTF-8 is given back as it came")
    func rawName() {
        let report = RefReport(name: Array("refs/heads/".utf8) + [0xff], result: .rejected(reason: "no"))
        #expect(
            ReportStatus(unpack: "ok", results: [report]).encoded(version2: true)
                == Array("000eunpack ok\n0017ng refs/heads/".utf8) + [0xff] + Array(" no\n0000".utf8))
    }
}
