import Identifiers
import Synchronization
import Testing

@testable import PushPipeline

@Suite struct PushQueueTests {
    private let app: AppName

    init() throws { app = try AppName("blog") }

    /// Lets a test hold a push's turn until it says so.
    private final class Gate: Sendable {
        let stream: AsyncStream<Void>
        private let continuation: AsyncStream<Void>.Continuation

        init() { (stream, continuation) = AsyncStream.makeStream() }

        func open() { continuation.finish() }
        func wait() async { for await _ in stream {} }
    }

    /// What the pushes of one test did.
    private final class Record: Sendable {
        let finished = Mutex<[Int]>([])
        let running = Atomic<Int>(0)
    }

    /// Starts a push that holds its turn until `gate` opens, and returns once it has it.
    private func holder(of queue: PushQueue, user: String, until gate: Gate) async -> Task<Void, any Error> {
        let started = Gate()
        let task = Task { [app] in
            try await queue.withTurn(at: app, push: .generate(), user: user, timeout: .seconds(60), report: { _ in }) {
                started.open()
                await gate.wait()
            }
        }
        await started.wait()
        return task
    }

    @Test("pushes to one app run one at a time, in the order in which they came")
    func order() async throws {
        let queue = PushQueue(maximumWaiting: 20)
        let gate = Gate()
        let first = await holder(of: queue, user: "alice", until: gate)
        let record = Record()
        var waiters: [Task<Void, any Error>] = []
        for number in 0..<10 {
            let waiting = Gate()
            waiters.append(
                Task { [app] in
                    try await queue.withTurn(
                        at: app, push: .generate(), user: "bob", timeout: .seconds(60), report: { _ in waiting.open() }
                    ) {
                        #expect(record.running.add(1, ordering: .relaxed).newValue == 1)
                        await Task.yield()
                        record.finished.withLock { $0.append(number) }
                        record.running.subtract(1, ordering: .relaxed)
                    }
                })
            await waiting.wait()
        }
        gate.open()
        try await first.value
        for waiter in waiters { try await waiter.value }
        #expect(record.finished.withLock { $0 } == Array(0..<10))
    }

    @Test("who waits is told who is ahead and how many, again when that changes")
    func tellsPlace() async throws {
        let queue = PushQueue(maximumWaiting: 20)
        let (firstGate, secondGate) = (Gate(), Gate())
        let first = await holder(of: queue, user: "alice", until: firstGate)
        let secondWaits = Gate()
        let second = Task { [app] in
            try await queue.withTurn(
                at: app, push: .generate(), user: "bob", timeout: .seconds(60), report: { _ in secondWaits.open() }
            ) { await secondGate.wait() }
        }
        await secondWaits.wait()
        let (events, sink) = AsyncStream.makeStream(of: PushQueue.Event.self)
        let third = Task { [app] in
            try await queue.withTurn(
                at: app, push: .generate(), user: "carol", timeout: .seconds(60), report: { sink.yield($0) }
            ) {}
        }
        var places = events.makeAsyncIterator()
        guard case .waiting(let ahead, let running) = await places.next() else { throw UnexpectedEvent() }
        #expect(ahead == 2)
        #expect(running.user == "alice")
        firstGate.open()
        guard case .waiting(let then, let next) = await places.next() else { throw UnexpectedEvent() }
        #expect(then == 1)
        #expect(next.user == "bob")
        secondGate.open()
        for task in [first, second, third] { try await task.value }
    }

    @Test("a push that waits too long gives up, and those behind it move up")
    func timesOut() async throws {
        let queue = PushQueue(maximumWaiting: 20)
        let gate = Gate()
        let first = await holder(of: queue, user: "alice", until: gate)
        await #expect(throws: PushQueueError.timedOut(.milliseconds(20))) {
            try await queue.withTurn(
                at: app, push: .generate(), user: "bob", timeout: .milliseconds(20), report: { _ in }
            ) { Issue.record("it had no turn") }
        }
        gate.open()
        try await first.value
        try await queue.withTurn(at: app, push: .generate(), user: "bob", timeout: .seconds(60), report: { _ in }) {}
    }

    @Test("a push beyond the queue's length is refused at once")
    func full() async throws {
        let queue = PushQueue(maximumWaiting: 0)
        let gate = Gate()
        let first = await holder(of: queue, user: "alice", until: gate)
        await #expect(throws: PushQueueError.full(0)) {
            try await queue.withTurn(
                at: app, push: .generate(), user: "bob", timeout: .seconds(60), report: { _ in }
            ) {}
        }
        gate.open()
        try await first.value
    }

    @Test("a cancelled push, waiting or running, frees the app at once")
    func cancellation() async throws {
        let queue = PushQueue(maximumWaiting: 20)
        let running = Gate()
        let first = Task { [app] in
            try await queue.withTurn(at: app, push: .generate(), user: "alice", timeout: .seconds(60), report: { _ in })
            {
                running.open()
                try await Task.sleep(for: .seconds(3600))
            }
        }
        await running.wait()
        let waits = Gate()
        let second = Task { [app] in
            try await queue.withTurn(
                at: app, push: .generate(), user: "bob", timeout: .seconds(60), report: { _ in waits.open() }
            ) {}
        }
        await waits.wait()
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        try await queue.withTurn(at: app, push: .generate(), user: "carol", timeout: .seconds(60), report: { _ in }) {}
    }

    @Test("different apps do not wait for each other")
    func apps() async throws {
        let queue = PushQueue(maximumWaiting: 0)
        let gate = Gate()
        let first = await holder(of: queue, user: "alice", until: gate)
        try await queue.withTurn(
            at: AppName("shop"), push: .generate(), user: "bob", timeout: .seconds(60), report: { _ in }
        ) {}
        gate.open()
        try await first.value
    }

    private struct UnexpectedEvent: Error {}
}
