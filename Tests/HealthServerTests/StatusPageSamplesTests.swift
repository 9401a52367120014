import FoundationEssentials
import TestSupport
import Testing

@testable import HealthServer

@Suite struct StatusPageSamplesTests {
    /// Where pages are written to be looked at; without it they go with the test.
    private static let directory = ProcessInfo.processInfo.environment["SLIPWAY_SAMPLE_PAGES"]

    @Test("pages of sample reports can be written for who wants to look at them")
    func writeSamples() throws {
        let temporary = try TemporaryDirectory()
        let directory = Self.directory ?? temporary.path
        for (name, report) in SampleReport.all {
            let page = StatusPage(report: report).html.text
            try Data(page.utf8).write(to: URL(filePath: "\(directory)/\(name).html"))
        }
    }
}
