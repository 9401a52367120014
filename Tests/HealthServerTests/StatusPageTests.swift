import TestSupport
import Testing

@testable import HealthServer

@Suite struct StatusPageTests {
    private func page(_ report: StatusReport) -> String { StatusPage(report: report).html.text }

    @Test("whatever an app or a cause is called, it stays text")
    func hostile() {
        let page = page(SampleReport.hostile)
        // The page's own, and no more.
        #expect(page.count(of: "<script") == 1)
        #expect(page.count(of: "</script>") == 1)
        #expect(page.count(of: "<img") == 0)
        #expect(page.count(of: "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;") >= 10)
        // Neither what ends a line nor what turns the direction of writing.
        #expect(!page.unicodeScalars.contains("\u{202e}") && !page.unicodeScalars.contains("\u{0}"))
    }

    @Test("what is put into a page is escaped, unless it is a piece of one")
    func escaping() {
        let piece: HTML = "<b>\("<&>\"'")</b>"
        #expect(piece.text == "<b>&lt;&amp;&gt;&quot;&#39;</b>")
        #expect(("<p>\(piece)\(7)</p>" as HTML).text == "<p><b>&lt;&amp;&gt;&quot;&#39;</b>7</p>")
        #expect(HTML(joining: ["<i>", "\("<")"], with: ", ").text == "<i>, &lt;")
    }

    @Test("the policy lets in this page's own style and script only")
    func policy() async throws {
        try await TestServer.run { server in
            let answer = try await server.get("/status")
            let policy = try #require(answer.fields["content-security-policy"])
            #expect(policy.hasPrefix("default-src 'none'; "))
            #expect(policy.contains("; connect-src 'self'; "))
            #expect(policy.contains("; base-uri 'none'; "))
            #expect(policy.hasSuffix("; frame-ancestors 'none'"))
            #expect(!policy.contains("unsafe"))
            #expect(answer.fields["referrer-policy"] == "no-referrer")
            for element in ["style", "script"] {
                let rest = try #require(answer.body.split(separator: "<\(element)>").dropFirst().first)
                let content = try #require(rest.split(separator: "</\(element)>").first)
                let hash = try Tool.run(
                    ["sh", "-c", "openssl dgst -sha256 -binary | base64 -w0"], input: Array(content.utf8))
                #expect(policy.contains("\(element)-src 'sha256-\(hash.text)';"))
            }
        }
    }

    @Test("the page asks for nothing from elsewhere", arguments: SampleReport.all.map(\.name))
    func selfContained(_ name: String) throws {
        let report = try #require(SampleReport.all.first { $0.name == name }?.report)
        let page = page(report)
        #expect(!page.contains("src=\"") && !page.contains("url(") && !page.contains("@import"))
        #expect(page.count(of: "<link") == 1 && page.contains("href=\"data:image/svg+xml,"))
        #expect(page.contains("<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>"))
        #expect(page.contains("prefers-color-scheme: dark") && page.contains("prefers-reduced-motion"))
    }

    @Test("a dependency that is down is told in words, with since when and why")
    func down() {
        let page = page(SampleReport.oneDown)
        #expect(page.contains("<h1 id=\"headline\" role=\"status\" aria-live=\"polite\">Pushes are refused: object"))
        #expect(page.contains("<span>Down</span>"))
        #expect(page.contains("since 14:02 UTC, 3 min 12 s"))
        #expect(page.contains("No answer within 2 s, 21 times in a row"))
        #expect(page.contains("1 check hangs and had to be given up"))
        #expect(page.contains("Object storage went down: no answer within 2 s"))
        #expect(page.contains("aria-label=\"3 min down, 1 min shaky\""))
        #expect(page.contains("<title>14:04 UTC: down</title>"))
        #expect(page.count(of: "<g class=") == 240)
    }

    @Test("a fault on purpose is shouted")
    func simulated() {
        let page = page(SampleReport.simulated)
        #expect(page.contains("Faults are being simulated on purpose: <b>storage=down, executor=slow:3s</b>"))
    }

    @Test("pushes and builds have their rows")
    func activity() {
        let page = page(SampleReport.allGood)
        #expect(page.contains("<th scope=\"row\">blog</th><td class=\"tight\">build</td>"))
        #expect(page.contains("<i>waiting, place 1</i>"))
        #expect(page.contains("<span>failed with status 2</span>"))
        #expect(page.contains("<dd>5 <small>of 1024</small></dd>"))
        #expect(self.page(SampleReport.starting).contains("No push is running."))
    }
}

extension String {
    fileprivate func count(of part: String) -> Int { ranges(of: part).count }
}
