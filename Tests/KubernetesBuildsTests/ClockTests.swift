import Builds
import Testing

@testable import KubernetesBuilds

/// Times and amounts, by clocks that tests move.
@Suite("What is waited for, and for how long")
struct ClockTests {
    private let start = ContinuousClock.now

    @Test("each step has its own time to begin: a long fetch takes none of the next step's")
    func steps() {
        var clock = StageClock(at: start)
        clock.see(.pending(nil), of: .fetch, at: start + .seconds(1))
        #expect(clock.length(at: start + .seconds(10)) == .seconds(10))
        clock.see(.fetching, of: .fetch, at: start + .seconds(10))
        #expect(clock.length(at: start + .seconds(600)) == .seconds(590))
        clock.see(.pending(PendingReason(.pulling, "Pulling")), of: .build, at: start + .seconds(600))
        clock.see(.pending(nil), of: .build, at: start + .seconds(601))
        #expect(clock.length(at: start + .seconds(602)) == .seconds(2))
        // A step that was never seen running.
        clock.see(.pending(nil), of: .store, at: start + .seconds(700))
        #expect(clock.length(at: start + .seconds(701)) == .seconds(1) && clock.step == .store)
    }

    @Test("a quiet ending is no silence: it counts from the container's end")
    func quietEnding() {
        var silence = LogSilence(at: start)
        silence.beginMove()
        silence.endMove(at: start + .seconds(1))
        // Ten minutes without output, and then the end.
        let end = start + .seconds(600)
        silence.restart(at: end)
        #expect(silence.length(at: end + .seconds(2)) == .seconds(2))
        silence.beginMove()
        #expect(silence.length(at: end + .seconds(1000)) == .zero)
        silence.restart(at: end + .seconds(1000))
        #expect(silence.length(at: end + .seconds(2000)) == .zero)
        silence.endMove(at: end + .seconds(2000))
        #expect(silence.length(at: end + .seconds(2003)) == .seconds(3))
    }

    @Test(
        "the largest artifact may be as slow as its pod lets it be, and no deadline comes before",
        arguments: [1, 4, 5, 100])
    func uploads(gigabytes: Int64) {
        var configuration = KubernetesBuildConfiguration(
            image: "slipway:1", server: KubernetesServerIdentity(name: "s", namespace: nil, uid: nil, boot: "b"))
        configuration.maximumArtifactSize = gigabytes << 30
        let upload = TransferLimits().time(for: configuration.maximumArtifactSize)
        #expect(upload >= .seconds(gigabytes * 512 * 2) && upload >= .seconds(15 * 60))
        #expect(configuration.storeMargin == upload + .seconds(gigabytes * 128) + .seconds(5 * 60))
        #expect(configuration.fetchMargin == .seconds(20 * 60))
        #expect(configuration.longest(storesArtifact: false) == .seconds(60 * 60))
        #expect(configuration.longest(storesArtifact: true) == .seconds(60 * 60) + configuration.storeMargin)
    }

    @Test(
        "an artifact that could take days to be stored is refused in words",
        arguments: [(4, true), (64, true), (1000, false)])
    func sensible(gigabytes: Int64, isSensible: Bool) {
        let problem = KubernetesBuildConfiguration.problem(withArtifactsOf: gigabytes << 30)
        #expect((problem == nil) == isSensible)
        #expect(isSensible || problem?.contains("at most 24 h") == true)
    }

    @Test(
        "times are told as people tell them",
        arguments: [
            (Duration.seconds(1800), "30 min"), (.seconds(45), "45 s"), (.seconds(5400), "1 h 30 min"),
            (.milliseconds(1500), "1 s"), (.milliseconds(250), "250 ms"), (.zero, "0 ms"), (.seconds(3601), "1 h 1 s"),
        ])
    func words(time: Duration, words: String) { #expect(time.words == words) }

    @Test("limits are told in the units in which they were set")
    func limits() {
        #expect(EndingWords.timedOut("make", after: .seconds(1800)).reason.hasPrefix("make was ended after 30 min, "))
        #expect(EndingWords.logTooLarge("make", limit: 1 << 30).reason.contains("more than 1 GiB of output"))
        #expect(
            EndingWords.stuck("storing", after: .seconds(1200)).reason == "storing took more than 20 min; push again")
    }
}
