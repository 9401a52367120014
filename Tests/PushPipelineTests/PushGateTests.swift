import Health
import Identifiers
import Logging
import Synchronization
import Testing

@testable import PushPipeline

@Suite("The gate")
struct PushGateTests {
    private let since = WallTime(secondsSinceEpoch: 1_795_269_720)  // 2026-11-21T14:02:00Z

    private func down(
        _ title: String, lasting: Duration = .seconds(190), problem: String = "no space is left"
    ) -> DependencyReading {
        DependencyReading(
            status: DependencyStatus(
                name: title, title: title, isNeededByPush: true, state: .down, since: since, lasting: lasting),
            problem: problem)
    }

    private func refusal(_ obstacle: PushGate.Obstacle, builds: Bool = true) throws -> String {
        Refusal.notNow(
            obstacle, app: try AppName("blog"), push: try #require(PushID("01JD0000000000000000000000")),
            builds: builds, statusURL: "http://builder:8092/status"
        ).text
    }

    @Test("what is down, since when, what is fine, and what to do next")
    func words() throws {
        let obstacle = PushGate.Obstacle(down: [down("object storage")], fine: ["Kubernetes", "the access list"])
        #expect(
            try refusal(obstacle) == """
                blog can't be built right now: object storage is down (since 14:02 UTC, 3 min): no space is left.
                Kubernetes and the access list are fine. Nothing was uploaded and nothing was changed.
                Try again in about 30 s. Push 01JD0000000000000000000000; status page: http://builder:8092/status
                """)
        #expect(obstacle.reason == "object storage is down")
    }

    @Test("one that is fine is told in the singular, none at all not; without builds nothing is said of building")
    func fine() throws {
        let one = PushGate.Obstacle(down: [down("object storage")], fine: ["the access list"])
        #expect(try refusal(one, builds: false).contains("\nThe access list is fine. Nothing was uploaded"))
        #expect(try refusal(one, builds: false).hasPrefix("blog can't be pushed right now: "))
        let none = PushGate.Obstacle(down: [down("object storage")], fine: [])
        #expect(try refusal(none).contains("\nNothing was uploaded"))
    }

    /// Fails, or not.
    private struct Check: HealthCheck {
        let title: String
        let works: Bool
        var name: String { title }
        let isNeededByPush = true

        func check() async throws {
            if !works { throw HealthProblem(cause: "no space is left", detail: nil) }
        }
    }

    @Test("a gate that is off stops pushes only for what a step of the start must come before")
    func off() async throws {
        struct Failed: Error {}
        let isMended = Atomic(false)
        let step = StartStep(name: "clearing up", logger: Logger(label: "test")) {
            if !isMended.load(ordering: .relaxed) { throw Failed() }
        }
        let checks: [any HealthCheck] = [
            Check(title: "storage", works: false), CheckAfterStart(Check(title: "disk", works: true), after: step),
        ]
        func obstacle(isOn: Bool) async -> PushGate.Obstacle? {
            // One of its own: what was found before counts for a while.
            let monitor = DependencyMonitor(checks: checks, logger: Logger(label: "test"))
            return await PushGate(monitor: monitor, isOn: isOn).obstacle()
        }
        #expect(await obstacle(isOn: true)?.down.map(\.status.name) == ["storage", "disk"])
        #expect(await obstacle(isOn: false)?.down.map(\.status.name) == ["disk"])
        isMended.store(true, ordering: .relaxed)
        _ = await step.outcome(within: .seconds(600))
        #expect(await obstacle(isOn: false) == nil)
    }

    @Test("several that are down are all told, and a long outage is not promised to end in half a minute")
    func several() throws {
        let obstacle = PushGate.Obstacle(
            down: [
                down("object storage", lasting: .seconds(7300)),
                down("the build executor", problem: "its disk has too little room"),
            ],
            fine: [])
        let text = try refusal(obstacle)
        #expect(
            text.contains("object storage is down (since 14:02 UTC, 2 h): no space is left; the build executor is down")
        )
        #expect(text.contains("Try again in a few minutes."))
        #expect(obstacle.reason == "object storage is down; the build executor is down")
    }

    @Test("one that only now failed to answer has no time since when")
    func justNow() throws {
        let reading = DependencyReading(
            status: DependencyStatus(name: "storage", title: "object storage", isNeededByPush: true, state: .up),
            problem: "no answer within 2 s")
        let text = try refusal(PushGate.Obstacle(down: [reading], fine: []))
        #expect(text.hasPrefix("blog can't be built right now: object storage is down: no answer within 2 s.\n"))
    }

    @Test("the longest text still fits git's ERR packet whole")
    func length() throws {
        let longest = String(repeating: "w", count: HealthProblem.maximumCauseLength)
        let names = ["object storage", "the build executor", "the repositories' disk"]
        let obstacle = PushGate.Obstacle(down: names.map { down($0, problem: longest) }, fine: ["the access list"])
        let text = Refusal.notNow(
            obstacle, app: try AppName(String(repeating: "a", count: 63)), push: .generate(), builds: true,
            statusURL: "https://" + String(repeating: "h", count: 100) + ":65535/status"
        ).text
        #expect(text.utf8.count < 990)
    }

    @Test("pushes and builds appear on the board while they last, and builds stay, the newest first")
    func board() throws {
        let board = PushBoard()
        let (first, second) = (PushID.generate(), PushID.generate())
        let app = try AppName("blog")
        board.begin(first, app)
        board.begin(second, app)
        board.enter(.queue, second)
        board.enter(.build, first)
        #expect(Set(board.pushes.map(\.phase)) == ["queue", "build"])
        #expect(board.pushes.filter(\.isQueued).map(\.id) == [second])
        board.end(first)
        board.end(second)
        #expect(board.pushes.isEmpty)
        for number in 0..<50 {
            board.add(
                PushBoard.Build(
                    id: first, app: app, commit: "\(number)", outcome: "succeeded", hasSucceeded: true, finished: .now,
                    duration: .seconds(1)))
        }
        #expect(board.builds.count == PushBoard.maximumBuilds)
        #expect(board.builds.first?.commit == "49")
    }
}
