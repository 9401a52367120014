import Testing

@testable import PushPipeline

@Suite struct RetryNoticesTests {
    @Test("pushers are told of the first try, of another cause at once, and of the same one every few seconds")
    func due() {
        let notices = RetryNotices()
        let start = ContinuousClock.now
        #expect(notices.isDue(for: "clouds", at: start))
        #expect(!notices.isDue(for: "clouds", at: start + .seconds(1)))
        #expect(notices.isDue(for: "eclipse", at: start + .seconds(2)))
        #expect(!notices.isDue(for: "eclipse", at: start + .seconds(6)))
        #expect(notices.isDue(for: "eclipse", at: start + .seconds(7)))
    }
}
