import Builds
import ObjectStorage
import Retries
import Synchronization
import TestSupport
import Testing

@Suite("Reading a log")
struct LogReadingTests {
    /// What a build does to the store, one step at a time.
    private final class Writer: Sendable {
        typealias Step = @Sendable (MemoryObjectStore) -> Void

        let steps: [Step]
        /// How many of them make parts.
        let parts: [[UInt8]]
        private let state: Mutex<(generator: SeededGenerator, next: Int)>

        init(_ fixture: LogFixture, parts: [[UInt8]], isJoined: Bool, _ generator: SeededGenerator) throws {
            self.parts = parts
            let keys = fixture.keys
            var steps: [Step] = []
            let partKeys = try parts.indices.map { try keys.logPart($0 + 1) }
            for (key, part) in zip(partKeys, parts) { steps.append { $0[key] = part } }
            if isJoined {
                steps.append { $0[keys.log] = parts.flatMap(\.self) }
                for key in partKeys { steps.append { $0[key] = nil } }
            }
            steps.append { $0[keys.record] = Array(#"{"outcome":"failed"}"#.utf8) }
            self.steps = steps
            state = Mutex((generator, 0))
        }

        /// How many parts have been put.
        var partsPut: Int { min(state.withLock { $0.next }, parts.count) }

        /// Does some of the next steps.
        func goOn(atMost limit: Int, in store: MemoryObjectStore) {
            state.withLock { state in
                let end = min(state.next + Int.random(in: 0...limit, using: &state.generator), steps.count)
                for step in steps[state.next..<end] { step(store) }
                state.next = end
            }
        }
    }

    /// A build whose store changes at every request that a reader makes, by chance.
    private struct Race {
        let fixture: LogFixture
        let writer: Writer
        let log: [UInt8]
        let offset: Int

        init(seed: UInt64, isJoined: Bool) throws {
            var generator = SeededGenerator(seed: seed)
            let holder = Holder()
            // Mostly slow writers, but also ones that are far ahead with the reader's next request.
            let speed = [1, 1, 2, 5, 20].randomElement(using: &generator) ?? 1
            fixture = try LogFixture(chunk: Int.random(in: 1...9, using: &generator)) { store, _, _ in
                holder.writer.withLock { $0 }?.goOn(atMost: speed, in: store)
            }
            var parts: [[UInt8]] = []
            for _ in 0..<Int.random(in: 0...8, using: &generator) {
                let size = Int.random(in: 1...12, using: &generator)
                parts.append((0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) })
            }
            log = parts.flatMap(\.self)
            offset = Bool.random(using: &generator) ? 0 : Int.random(in: 0...log.count + 2, using: &generator)
            let start = Int.random(in: 0...20, using: &generator)
            writer = try Writer(fixture, parts: parts, isJoined: isJoined, generator)
            fixture.setRecord("running")
            writer.goOn(atMost: start, in: fixture.store)
            holder.writer.withLock { [writer] in $0 = writer }
        }

        private final class Holder: Sendable {
            let writer = Mutex<Writer?>(nil)
        }
    }

    @Test("who follows gets every byte once, whatever the build does meanwhile", arguments: [true, false])
    func following(isJoined: Bool) async throws {
        for seed in UInt64(0)..<1500 {
            let race = try Race(seed: seed, isJoined: isJoined)
            let read = try await race.fixture.read(from: Int64(race.offset), follow: true)
            #expect(read == Array(race.log.dropFirst(race.offset)), "seed \(seed)")
        }
    }

    @Test("who does not follow gets at least what was there, and what comes is the log's beginning")
    func notFollowing() async throws {
        for seed in UInt64(0)..<1500 {
            let race = try Race(seed: seed, isJoined: !seed.isMultiple(of: 3))
            let known = race.writer.parts.prefix(race.writer.partsPut).reduce(0) { $0 + $1.count }
            let read = try await race.fixture.read(from: Int64(race.offset))
            #expect(race.log.dropFirst(race.offset).starts(with: read), "seed \(seed)")
            #expect(race.offset + read.count >= known, "seed \(seed)")
        }
    }

    @Test("a log can be read from any byte on, as parts, as a whole, and half tidied up")
    func offsets() async throws {
        let parts: [[UInt8]] = [[1, 2, 3], [4], [5, 6, 7, 8, 9, 10], [11, 12]]
        let log = parts.flatMap(\.self)
        let fixture = try LogFixture(chunk: 2)
        fixture.setRecord("running")
        try fixture.setParts(parts)
        func check() async throws {
            for offset in 0...log.count + 1 {
                #expect(try await fixture.read(from: Int64(offset)) == Array(log.dropFirst(offset)))
            }
            #expect(try await fixture.read(from: .min) == log)
            #expect(try await fixture.read(from: .max) == [])
        }
        try await check()
        fixture.store[fixture.keys.log] = log
        try await check()
        fixture.store[try fixture.keys.logPart(1)] = nil
        try await check()
    }

    @Test("a log whose first parts go while they are listed is read from the right byte on", arguments: 0...12)
    func listed(offset: Int) async throws {
        let parts: [[UInt8]] = [[1, 2, 3], [4], [5, 6, 7, 8, 9, 10], [11, 12]]
        let fixture = try LogFixture { store, operation, _ in
            guard operation == .list, let first = store.keys.first(where: { $0.hasSuffix("/000001") }) else { return }
            let part = try ObjectKey(first)
            store[part] = nil
            store[try ObjectKey(String(first.dropLast(".parts/000001".count)))] = parts.flatMap(\.self)
        }
        fixture.setRecord("running")
        try fixture.setParts(parts)
        #expect(try await fixture.read(from: Int64(offset)) == Array(parts.flatMap(\.self).dropFirst(offset)))
    }

    @Test("what a crash left is read, and followed until a sweep says that the build is over")
    func crash() async throws {
        let fixture = try LogFixture()
        fixture.setRecord("running")
        try fixture.setParts([[1, 2], [3]])
        #expect(try await fixture.read() == [1, 2, 3])
        let follower = Task { try await fixture.read(follow: true) }
        fixture.setRecord("error")
        #expect(try await follower.value == [1, 2, 3])
    }

    @Test("a build that is not there, or goes while its log is followed, is told")
    func missing() async throws {
        let hasRead = Gate()
        let fixture = try LogFixture { store, _, key in
            guard hasRead.isOpen, let key else { return }
            store[key] = nil
        }
        let error = BuildLogError.noSuchBuild(app: fixture.app, id: fixture.id)
        await #expect(throws: error) { try await fixture.read() }
        await #expect(throws: error) { try await fixture.read(follow: true) }
        #expect(error.description.contains("there is no build \(fixture.id) of blog"))
        fixture.setRecord("running")
        try fixture.setParts([[1]])
        var bytes = try fixture.reader().read(follow: true).makeAsyncIterator()
        #expect(try await bytes.next() == [1])
        hasRead.open()
        await #expect(throws: error) { _ = try await bytes.next() }
    }

    @Test("a store that fails in passing neither loses nor repeats a byte")
    func trouble() async throws {
        let requests = Mutex(0)
        let fixture = try LogFixture(chunk: 2) { _, operation, key in
            let count = requests.withLock { count in
                count += 1
                return count
            }
            if [3, 7].contains(count) { throw ObjectStoreError(.unreachable, operation, key) }
        }
        fixture.setRecord("failed")
        try fixture.setParts([[1, 2, 3, 4, 5], [6, 7, 8]])
        let told = Mutex(0)
        let retry = Retry(budget: .seconds(20)) { _, _ in told.withLock { $0 += 1 } }
        #expect(try await fixture.read(retry: retry) == Array(1...8))
        #expect(told.withLock { $0 } == 2)
        requests.withLock { $0 = 0 }
        await #expect(throws: ObjectStoreError.self) { try await fixture.read() }
    }

    @Test("a part that cannot be read is an error and not the end")
    func damage() async throws {
        let requests = Requests()
        let fixture = try LogFixture { _, operation, key in
            guard let key, key.rawValue.hasSuffix("000002") else { return }
            // Every second request is for the content.
            if requests.note(operation, key).isMultiple(of: 2) { throw ObjectStoreError(.damaged, operation, key) }
        }
        fixture.setRecord("running")
        try fixture.setParts([[1], [2]])
        let error = await #expect(throws: ObjectStoreError.self) { try await fixture.read() }
        #expect(error?.kind == .damaged)
    }

    @Test("a record that is none is the store's error")
    func damagedRecord() async throws {
        let fixture = try LogFixture()
        fixture.store[fixture.keys.record] = [1, 2, 3]
        let error = await #expect(throws: ObjectStoreError.self) { try await fixture.read() }
        #expect(error?.kind == .damaged)
        #expect(error?.key == fixture.keys.record.rawValue)
    }

    @Test("the latest build of an app is found among others' and among what is no build")
    func latest() async throws {
        let fixture = try LogFixture()
        #expect(try await BuildLogReader.latestBuild(of: fixture.app, in: fixture.store) == nil)
        fixture.setRecord("running")
        for key in ["apps/blog/builds/zzz/log", "apps/blog2/builds/7ZZZZZZZZZZZZZZZZZZZZZZZZZ/log"] {
            fixture.store[try ObjectKey(key)] = [1]
        }
        fixture.store[try ObjectKey("apps/blog/builds/00000000000000000000000000/log")] = [1]
        #expect(try await BuildLogReader.latestBuild(of: fixture.app, in: fixture.store) == fixture.id)
    }
}
