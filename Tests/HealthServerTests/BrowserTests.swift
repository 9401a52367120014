import FoundationEssentials
import TestSupport
import Testing

@testable import HealthServer

/// The page in a real browser.
@Suite(.serialized, .enabled(if: hasBrowser, "there is no chromium here"))
struct BrowserTests {
    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../scripts/screenshot-status").standardized.path

    @Test(
        "the page shows and refreshes itself: no errors, no requests elsewhere, no text that is hard to read",
        arguments: [[], ["--dark"], ["--phone"], ["--phone", "--dark"]], [false, true])
    func page(_ options: [String], isOneDown: Bool) async throws {
        try await TestServer.run { server in
            server.status.value = isOneDown ? SampleReport.oneDown : SampleReport.allGood
            let directory = try TemporaryDirectory()
            let picture = "\(directory.path)/status.png"
            // One refresh takes 5 s; seen once for each state.
            let refreshes = options.isEmpty ? ["--refreshes", "1"] : []
            let arguments = [Self.script] + options + refreshes + ["http://127.0.0.1:\(server.port)/status", picture]
            let result = try await onThread { try Tool.run(arguments, environment: ["HOME": directory.path]) }
            #expect(result.status == 0, "\(result.text) \(result.errors)")
            #expect(result.text.contains(isOneDown ? "Pushes are refused" : "\"Pushes work\""))
            let bytes = try Data(contentsOf: URL(filePath: picture))
            #expect(bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]) && bytes.count > 20_000)
        }
    }

    @Test("what is wrong with a page is found", arguments: ["<img src=http://127.0.0.2:9/x>", "<script>x()</script>"])
    func faults(_ fault: String) async throws {
        let directory = try TemporaryDirectory()
        let file = "\(directory.path)/page.html"
        try Data("<!doctype html><h1>Hello</h1>\(fault)".utf8).write(to: URL(filePath: file))
        let result = try await onThread {
            try Tool.run(
                [Self.script, "file://\(file)", "\(directory.path)/x.png"], environment: ["HOME": directory.path])
        }
        #expect(result.status == 1, "\(result.text) \(result.errors)")
    }
}

private let hasBrowser = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].contains {
    FileManager.default.fileExists(atPath: $0)
}
