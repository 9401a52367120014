import Synchronization
import TestSupport
import Testing

@testable import Health

@Suite("Steps of a start")
struct StartStepTests {
    /// Never reached where a test waits for an end.
    private static let long = Duration.seconds(600)

    private let log = LogBook()
    private let work = ScriptedCheck(.hangDeaf)

    private var step: StartStep {
        StartStep(name: "clearing up", logger: log.logger) { [work] in try await work.check() }
    }

    @Test("whoever asks while it runs joins it, stops waiting in time, and finds it done later")
    func joins() async throws {
        let step = step
        #expect(await step.outcome(within: .milliseconds(1)).text == "running")
        #expect(await step.outcome(within: .milliseconds(1)).text == "running")
        async let joined = step.outcome(within: Self.long)
        try await eventually("the work hangs") { work.hanging == 1 }
        #expect(!step.isDone)
        work.release()
        #expect(await joined.text == "done")
        #expect(step.isDone && work.runs == 1)
        #expect(await step.outcome(within: Self.long).text == "done")
        #expect(work.runs == 1)
    }

    @Test("one that fails is tried again by the next who asks")
    func triesAgain() async {
        work.become(.fail("no"))
        let step = step
        for run in 1...2 {
            #expect(await step.outcome(within: Self.long).text.hasPrefix("failed"))
            #expect(work.runs == run && !step.isDone)
        }
        work.become(.succeed)
        #expect(await step.outcome(within: Self.long).text == "done")
    }

    @Test("a check of what comes after it fails until it is done, with the words of the check where that fails too")
    func check() async throws {
        let inner = ScriptedCheck(.succeed)
        let check = CheckAfterStart(inner, after: step)
        await #expect { try await check.check() } throws: { "\($0)".contains("is still being cleared away") }
        inner.become(.fail("it is read-only"))
        await #expect { try await check.check() } throws: { "\($0)".contains("it is read-only") }
        inner.become(.succeed)
        work.become(.fail("no"))
        work.release()
        try await eventually("it works") { (try? await check.check()) != nil }
    }
}

extension StartStep.Outcome {
    fileprivate var text: String { "\(self)" }
}
