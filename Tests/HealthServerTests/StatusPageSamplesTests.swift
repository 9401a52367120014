import FoundationEssentials
import Testing

@testable import HealthServer

@Suite struct StatusPageSamplesTests {
    /// Where pages are written to be looked at, or nowhere.
    private static let directory = ProcessInfo.processInfo.environment["SLIPWAY_SAMPLE_PAGES"]

    @Test(
        "pages of sample reports are written for who wants to look at them",
        .enabled(if: directory != nil, "SLIPWAY_SAMPLE_PAGES names no directory"))
    func writeSamples() throws {
        let directory = try #require(Self.directory)
        for (name, report) in SampleReport.all {
            let page = StatusPage(report: report).html.text
            try Data(page.utf8).write(to: URL(filePath: "\(directory)/\(name).html"))
        }
    }
}
