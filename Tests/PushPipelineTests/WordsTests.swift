import Access
import Builds
import GitProtocol
import GitRepository
import Identifiers
import Testing

@testable import PushPipeline

@Suite struct WordsTests {
    @Test(
        "durations read as people say them",
        arguments: [
            (Duration.milliseconds(0), "0 ms"), (.milliseconds(999), "999 ms"), (.milliseconds(1449), "1.4 s"),
            (.milliseconds(9_999), "9.9 s"),
            (.seconds(10), "10 s"), (.seconds(59), "59 s"), (.seconds(60), "1 min"), (.seconds(200), "3 min 20 s"),
        ])
    func durations(duration: Duration, text: String) {
        #expect(duration.inWords == text)
    }

    @Test(
        "sizes read as people say them",
        arguments: [
            (Int64(0), "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (3_500, "3.4 KiB"), (1 << 20, "1.0 MiB"),
            (150 << 20, "150 MiB"), (5 << 30, "5.0 GiB"), (Int64(7) << 40, "7.0 TiB"),
        ])
    func sizes(size: Int64, text: String) {
        #expect(size.bytesInWords == text)
    }

    @Test("every way a push can fail has words for the pusher, a short reason for git, and a culprit")
    func failures() {
        let errors: [any Error] = [
            PackError.truncated, PackError.noSpace, ConnectivityError.failed("x"), PushQueueError.full(3),
            PushQueueError.timedOut(.seconds(600)), ClientSilent(limit: .seconds(120)), CancellationError(),
            TimeLimitError(limit: .seconds(1)), SourceError.tooDeep(limit: 512), ClientNotReading(limit: .seconds(120)),
        ]
        for error in errors {
            let failure = PushFailure(error)
            #expect(failure.text.hasSuffix("."))
            #expect(!failure.reason.isEmpty)
            #expect(!failure.reason.contains("\n"))
        }
        #expect(PushFailure(PackError.truncated).isUnpackFailure)
        #expect(PushFailure(PackError.noSpace).blame == .builder)
        #expect(PushFailure(PackError.truncated).blame == .pusher)
        #expect(PushFailure(SourceError.tooDeep(limit: 512)).blame == .pusher)
    }

    @Test("a login reads who it is, what it may push and how")
    func greeting() throws {
        let greeting = Greeting(
            user: "alice", grant: .some([try AppName("shop"), try AppName("blog")]), publicURL: "ssh://host:2223")
        #expect(greeting.text.contains("Hello, alice"))
        #expect(greeting.text.contains("blog, shop"))
        #expect(greeting.text.contains("ssh://host:2223/blog"))
        #expect(Greeting(user: "ci", grant: .all, publicURL: "u").text.contains("Apps you may push: all"))
        #expect(Greeting(user: "new", grant: .some([]), publicURL: "u").text.contains("none"))
        #expect(Greeting(user: "gone", grant: nil, publicURL: "u").text.contains("none"))
    }
}
