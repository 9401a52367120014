import Builds
import Identifiers
import ObjectStorage
import Retries
import Synchronization
import TestSupport
import Testing

@Suite("A build's log in the service")
struct BuildServiceLogTests {
    /// A store that hangs or fails from some moment on.
    private final class Trouble: Sendable {
        enum Kind { case none, fails, hangs }

        private let kind = Mutex(Kind.none)

        func begin(_ kind: Kind) { self.kind.withLock { $0 = kind } }

        func strike(_ operation: ObjectStoreError.Operation, _ key: ObjectKey?) async throws {
            switch kind.withLock({ $0 }) {
            case .none: break
            case .fails: throw ObjectStoreError(.unavailable, operation, key)
            case .hangs: try await Task.sleep(for: .seconds(3600))
            }
        }
    }

    private func request(_ fixture: LogFixture) async throws -> BuildRequest {
        let key = try ObjectKey("apps/blog/sources/source.tar.gz")
        fixture.store[key] = []
        return BuildRequest(
            id: fixture.id.rawValue, app: fixture.app, commit: "c", ref: "refs/heads/main", user: "alice",
            recipe: .script, source: StoredSource(key: key, size: 1))
    }

    private func limits(finishing: Duration = .seconds(20)) -> BuildServiceLimits {
        var limits = BuildServiceLimits(finishing: finishing)
        limits.log.partSize = 8
        limits.log.tidying = .milliseconds(100)
        return limits
    }

    @Test("a log can be followed from the build's first byte to its last")
    func following() async throws {
        let fixture = try LogFixture(chunk: 3)
        let (isSeen, started) = (Gate(), Gate())
        let executor = ScriptedExecutor { progress in
            started.open()
            try await progress.write(Array("first part and more".utf8))
            try await isSeen.wait()
            try await progress.write(Array(", then the end".utf8))
        }
        let service = BuildService(store: fixture.store, executor: executor, limits: limits())
        let request = try await request(fixture)
        let build = Task { try await service.run(request, output: fixture.output) }
        try await started.wait()
        var text = ""
        for try await chunk in try fixture.reader().read(follow: true) {
            text += String(decoding: chunk, as: UTF8.self)
            if text.contains("part") { isSeen.open() }
        }
        #expect(text == "first part and more, then the end")
        #expect(try await build.value.log.size == Int64(text.utf8.count))
        #expect(fixture.names.sorted() == ["build.json", "log", "source.tar.gz"])
    }

    @Test("a build that is cancelled leaves its log whole")
    func cancelled() async throws {
        let fixture = try LogFixture()
        let executor = ScriptedExecutor { progress in
            try await progress.write(Array("more than one part".utf8))
            try await Task.sleep(for: .seconds(3600))
        }
        let service = BuildService(store: fixture.store, executor: executor, limits: limits())
        let request = try await request(fixture)
        let build = Task { try await service.run(request, output: fixture.output) }
        try await fixture.output.wait(for: "more than")
        build.cancel()
        await #expect(throws: CancellationError.self) { try await build.value }
        #expect(fixture.store[fixture.keys.log] == Array("more than one part".utf8))
        #expect(!fixture.names.contains("000001"))
    }

    @Test("a store that dies under a build ends it as the store's failure, and its parts stay")
    func storeGone() async throws {
        let trouble = Trouble()
        let fixture = try LogFixture { try await trouble.strike($1, $2) }
        let executor = ScriptedExecutor { progress in
            try await progress.write(Array("part one".utf8))
            try await eventually("it is stored") { fixture.names.contains("000001") }
            trouble.begin(.fails)
            while true { try await progress.write(Array("more".utf8)) }
        }
        let service = BuildService(store: fixture.store, executor: executor, limits: limits())
        let told = Gate()
        let retry = Retry(budget: .seconds(2)) { _, _ in told.open() }
        do {
            _ = try await service.run(request(fixture), output: fixture.output, retry: retry)
            Issue.record("the build succeeded without a store")
        } catch BuildServiceError.storage(_, let error) {
            #expect(error.kind == .unavailable)
        }
        #expect(told.isOpen)
        trouble.begin(.none)
        #expect(try await fixture.read() == Array("part one".utf8))
    }

    @Test("a store that hangs at the end keeps nobody waiting", .timeLimit(.minutes(5)), arguments: [true, false])
    func storeHangs(isCancelled: Bool) async throws {
        let trouble = Trouble()
        let fixture = try LogFixture { try await trouble.strike($1, $2) }
        let executor = ScriptedExecutor { progress in
            try await progress.write(Array("something".utf8))
            try await eventually("it is stored") { fixture.names.contains("000001") }
            trouble.begin(.hangs)
            if isCancelled { try await Task.sleep(for: .seconds(3600)) }
        }
        let service = BuildService(
            store: fixture.store, executor: executor, limits: limits(finishing: .milliseconds(100)))
        let request = try await request(fixture)
        // A budget that would be waited for if the build was not given up.
        let retry = Retry(budget: isCancelled ? .seconds(3600) : .zero) { _, _ in }
        let build = Task { try await service.run(request, output: fixture.output, retry: retry) }
        try await fixture.output.wait(for: "something")
        if isCancelled { build.cancel() }
        switch await build.result {
        case .success: Issue.record("the log was stored")
        case .failure(let error as BuildServiceError):
            guard case .storage(_, let cause) = error else { throw error }
            #expect(cause.kind == .unresponsive)
        case .failure(let error): #expect(error is CancellationError)
        }
    }
}

extension RealBuildTests {
    @Suite struct LogMemoryTests {
        @Test("100 MB of log are stored, followed and read in constant memory", .timeLimit(.minutes(10)))
        func large() async {
            // In a process of its own: others take memory, too.
            await #expect(processExitsWith: .success) {
                let fixture = try BuildFixture()
                let count = 1600
                let executor = ScriptedExecutor { progress in
                    for number in 0..<count {
                        try await progress.write([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 64 << 10))
                    }
                }
                let service = BuildService(store: fixture.store, executor: executor)
                // What stays of a first one: threads, buffers, caches.
                _ = try await service.run(fixture.request(), output: CountedOutput())
                let request = try await fixture.request()
                let reader = try BuildLogReader(
                    store: fixture.store, app: request.app, id: #require(PushID(request.id)),
                    pollInterval: .milliseconds(10))
                let (output, before) = (CountedOutput(), HostDirectory.residentBytes)
                let build = Task { try await service.run(request, output: output) }
                try await eventually("the build runs") { output.count > 0 }
                let followed = CountedOutput()
                for try await chunk in reader.read(follow: true) { try await followed.write(chunk) }
                #expect(try await build.value.log.size == Int64(count << 16))
                #expect(followed.count == count << 16)
                #expect(max(output.mostResidentBytes, followed.mostResidentBytes) - before < 24 << 20)
                var position = 0
                for try await chunk in reader.read() {
                    #expect(chunk.first == UInt8(truncatingIfNeeded: position >> 16))
                    position += chunk.count
                }
                #expect(position == count << 16)
            }
        }
    }
}
