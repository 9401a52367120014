import ObjectStorage
import Synchronization
import Testing

@Suite("Trying a store again")
struct StoreRetryTests {
    private struct Other: Error {}

    private func error(_ kind: ObjectStoreError.Kind) -> ObjectStoreError { ObjectStoreError(kind, .put, nil) }

    @Test("a failure that may pass is tried again until it works, and each time is told")
    func passing() async throws {
        let told = Mutex<[ObjectStoreError.Kind]>([])
        let retry = StoreRetry(budget: .seconds(20)) { error, left in
            #expect(left > .zero && left <= .seconds(20))
            told.withLock { $0.append(error.kind) }
        }
        var tries = 0
        let result = try await retry.run {
            tries += 1
            if tries == 1 { throw error(.unavailable) }
            if tries == 2 { throw error(.unresponsive) }
            return tries
        }
        #expect(result == 3)
        #expect(told.withLock { $0 } == [.unavailable, .unresponsive])
    }

    @Test("the budget ends the tries, with the last error")
    func budget() async {
        var tries = 0
        await #expect(throws: error(.unavailable)) {
            try await StoreRetry(budget: .milliseconds(900)) { _, _ in }.run {
                tries += 1
                throw error(.unavailable)
            }
        }
        #expect(tries == 2)
    }

    @Test("what cannot pass, what is no store's error and a budget of zero end it at once")
    func atOnce() async {
        let eager = StoreRetry(budget: .seconds(20)) { _, _ in Issue.record("tried again") }
        for kind in [ObjectStoreError.Kind.notFound, .conditionFailed, .damaged, .misuse, .tooLarge] {
            await #expect(throws: error(kind)) { try await eager.run { throw error(kind) } }
        }
        await #expect(throws: Other.self) { try await eager.run { throw Other() } }
        await #expect(throws: error(.unavailable)) { try await StoreRetry.never.run { throw error(.unavailable) } }
    }

    @Test("a cancelled task does not go on trying")
    func cancelled() async {
        let task = Task {
            try await StoreRetry(budget: .seconds(60)) { _, _ in }.run { throw error(.unavailable) }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
