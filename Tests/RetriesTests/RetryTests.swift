import Retries
import Synchronization
import Testing

@Suite("Trying again")
struct RetryTests {
    private struct Other: Error {}

    private struct Failure: DependencyFailure, Equatable {
        let dependency = "the moon"
        let cause: String
        let advice = "wait"
        let logText = "detail"
        var mayPass = true
    }

    @Test("a failure that may pass is tried again until it works, and each time is told")
    func passing() async throws {
        let told = Mutex<[String]>([])
        let retry = Retry(budget: .seconds(20)) { error, left in
            #expect(left > .zero && left <= .seconds(20))
            told.withLock { $0.append(error.cause) }
        }
        var tries = 0
        let result = try await retry.run {
            tries += 1
            if tries == 1 { throw Failure(cause: "clouds") }
            if tries == 2 { throw Failure(cause: "eclipse") }
            return tries
        }
        #expect(result == 3)
        #expect(told.withLock { $0 } == ["clouds", "eclipse"])
    }

    @Test("the budget ends the tries, with the last error")
    func budget() async {
        var tries = 0
        let error = await #expect(throws: Failure.self) {
            try await Retry(budget: .milliseconds(900)) { _, _ in }.run {
                tries += 1
                throw Failure(cause: "\(tries)")
            }
        }
        #expect(error == Failure(cause: "\(tries)"))
        // The pauses are 250 to 500 ms, then twice that, then four times: how many fit is a matter of chance.
        #expect((2...3).contains(tries))
    }

    @Test("what cannot pass, what is no dependency's failure and a budget of zero end it at once")
    func atOnce() async {
        let eager = Retry(budget: .seconds(20)) { _, _ in Issue.record("tried again") }
        let lasting = Failure(cause: "new moon", mayPass: false)
        await #expect(throws: lasting) { try await eager.run { throw lasting } }
        await #expect(throws: Other.self) { try await eager.run { throw Other() } }
        struct Moonquake: DependencyFailure {
            let dependency = "", cause = "", advice = "", logText = ""
            let mayPass = true
        }
        await #expect(throws: Moonquake.self) { try await eager.run(only: Failure.self) { throw Moonquake() } }
        await #expect(throws: Failure(cause: "x")) { try await Retry.never.run { throw Failure(cause: "x") } }
    }

    @Test("a cancelled task does not go on trying")
    func cancelled() async {
        let task = Task {
            try await Retry(budget: .seconds(60)) { _, _ in }.run { throw Failure(cause: "x") }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
