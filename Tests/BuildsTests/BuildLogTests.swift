import ObjectStorage
import Retries
import Synchronization
import TestSupport
import Testing

@testable import Builds

@Suite("A build's log")
struct BuildLogTests {
    private static let eager = Retry(budget: .seconds(60)) { _, _ in }

    @Test("a short log is put once and as a whole", arguments: ["", "hello\n"])
    func short(text: String) async throws {
        let requests = Requests()
        let fixture = try LogFixture { requests.note($1, $2) }
        let log = fixture.log()
        try await log.write(Array(text.utf8))
        let stored = try await log.finish()
        #expect(stored.size == Int64(text.utf8.count))
        #expect(fixture.store[fixture.keys.log] == Array(text.utf8))
        #expect(fixture.output.text == text)
        #expect(requests.all == ["put log"])
    }

    @Test("a log is there in parts while the build runs, and whole without parts after it")
    func parts() async throws {
        var fixture = try LogFixture()
        fixture.limits.partSize = 4
        fixture.limits.partDelay = .milliseconds(20)
        fixture.setRecord("running")
        let log = fixture.log()
        try await log.write(Array("abcdef".utf8))
        // The first part because it is full, the second because it has waited.
        try await eventually("two parts are there") { fixture.names == ["build.json", "000001", "000002"] }
        #expect(fixture.store[try fixture.keys.logPart(1)] == Array("abcd".utf8))
        #expect(try await fixture.read() == Array("abcdef".utf8))
        try await log.write(Array("gh".utf8))
        let stored = try await log.finish()
        #expect(stored.key == fixture.keys.log)
        #expect(fixture.names == ["build.json", "log"])
        #expect(try await fixture.read() == Array("abcdefgh".utf8))
    }

    @Test("a store that fails in passing is told, holds the build up, and loses nothing")
    func passing() async throws {
        let requests = Requests()
        let isDown = Mutex(true)
        var fixture = try LogFixture { _, operation, key in
            requests.note(operation, key)
            if isDown.withLock({ $0 }) { throw ObjectStoreError(.unreachable, operation, key) }
        }
        fixture.limits.partSize = 4
        let told = Gate()
        let log = fixture.log(retry: Retry(budget: .seconds(60)) { _, _ in told.open() })
        let text = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
        let writer = Task { for byte in text { try await log.write([byte]) } }
        try await told.wait()
        try await eventually("the build waits") { fixture.output.text.utf8.count == 8 }
        isDown.withLock { $0 = false }
        try await writer.value
        _ = try await log.finish()
        #expect(fixture.store[fixture.keys.log] == text)
        #expect(requests.all.count { $0 == "put 000001" } >= 2)
        #expect(fixture.names == ["log"])
    }

    @Test("a build that is faster than its store takes no more memory than two parts")
    func backPressure() async throws {
        let gate = Gate()
        var fixture = try LogFixture { _, operation, _ in
            if operation == .put { try await gate.wait() }
        }
        fixture.limits.partSize = 1000
        let log = fixture.log()
        let writer = Task { for _ in 0..<1000 { try await log.write([UInt8](repeating: 7, count: 99)) } }
        try await eventually("the build waits") { fixture.output.text.utf8.count >= 1900 }
        try await Task.sleep(for: .milliseconds(50))
        #expect(fixture.output.text.utf8.count <= 2000)
        gate.open()
        try await writer.value
        #expect(try await log.finish().size == 99_000)
    }

    @Test("a store that hangs is given up, and tried again", .timeLimit(.minutes(5)))
    func hanging() async throws {
        let requests = Requests()
        var fixture = try LogFixture { _, operation, key in
            if requests.note(operation, key) == 1 { try await Task.sleep(for: .seconds(3600)) }
        }
        fixture.limits.partSize = 3
        fixture.limits.patience = .milliseconds(20)
        let causes = Mutex<[String]>([])
        let log = fixture.log(
            retry: Retry(budget: .seconds(60)) { error, _ in causes.withLock { $0.append(error.cause) } })
        try await log.write([1, 2, 3])
        try await eventually("a part is there") { fixture.names == ["000001"] }
        // On a busy machine the second one may be late, too.
        let all = Set(causes.withLock { $0 })
        #expect(all == [ObjectStoreError.Kind.unresponsive.inWords])
    }

    @Test("a store that fails for good ends the build, and keeps what it wrote if it works again at the end")
    func failing() async throws {
        let isDown = Mutex(false)
        var fixture = try LogFixture { _, operation, key in
            if isDown.withLock({ $0 }) { throw ObjectStoreError(.noSpace, operation, key) }
        }
        fixture.limits.partSize = 4
        let log = fixture.log(retry: Self.eager)
        try await log.write([1, 2, 3, 4])
        try await eventually("a part is there") { fixture.names == ["000001"] }
        isDown.withLock { $0 = true }
        let error = await #expect(throws: ObjectStoreError.self) {
            for _ in 0..<100 { try await log.write([5]) }
        }
        #expect(error?.kind == .noSpace)
        isDown.withLock { $0 = false }
        _ = try await log.finish()
        let stored = try #require(fixture.store[fixture.keys.log])
        #expect(stored.starts(with: [1, 2, 3, 4, 5, 5, 5, 5]))
        // What did not fit was not passed on either, but for the write that was refused in its middle.
        #expect(stored.count >= fixture.output.text.utf8.count)
        #expect(fixture.names == ["log"])
    }

    @Test("a store that never works again leaves the parts that are there, which can be read")
    func lost() async throws {
        let isDown = Mutex(false)
        var fixture = try LogFixture { _, operation, key in
            if operation == .put, isDown.withLock({ $0 }) { throw ObjectStoreError(.noSpace, operation, key) }
        }
        fixture.limits.partSize = 2
        fixture.setRecord("running")
        let log = fixture.log()
        try await log.write([1, 2])
        try await eventually("a part is there") { fixture.names.contains("000001") }
        isDown.withLock { $0 = true }
        _ = try? await log.write([3, 4, 5])
        await #expect(throws: ObjectStoreError.self) { try await log.finish() }
        #expect(fixture.names == ["build.json", "000001"])
        fixture.setRecord("error")
        #expect(try await fixture.read(follow: true) == [1, 2])
    }

    @Test("parts that cannot be deleted are told to the operator, and do no harm")
    func tidying() async throws {
        var fixture = try LogFixture { _, operation, key in
            if operation == .delete, key?.rawValue.hasSuffix("2") == true {
                throw ObjectStoreError(.notAllowed, operation, key)
            }
        }
        fixture.limits.partSize = 1
        let book = RecordingLog()
        let log = fixture.log(logger: book.logger)
        try await log.write([1, 2, 3])
        #expect(try await log.finish().size == 3)
        #expect(fixture.names == ["log", "000002", "000003"])
        #expect(book.lines.count { $0.hasPrefix("warning") && $0.contains("log=\(fixture.keys.log)") } == 1)
        #expect(try await fixture.read() == [1, 2, 3])
    }

    @Test("a part that is gone or changed is no reason to store a log without it", arguments: [[], [9], [8, 9, 7]])
    func damaged(content: [UInt8]) async throws {
        var fixture = try LogFixture()
        fixture.limits.partSize = 2
        let log = fixture.log()
        try await log.write([1, 2, 3, 4])
        try await eventually("two parts are there") { fixture.names == ["000001", "000002"] }
        fixture.store[try fixture.keys.logPart(1)] = content.isEmpty ? nil : content
        await #expect(throws: ObjectStoreError.self) { try await log.finish() }
        #expect(fixture.store[fixture.keys.log] == nil)
        #expect(fixture.names.contains("000002"))
    }

    @Test("parts of any size are joined in their order", arguments: UInt64(0)..<20)
    func joining(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        var fixture = try LogFixture { _, _, _ in await Task.yield() }
        fixture.limits.partSize = 50
        var parts = LogParts(
            store: fixture.store, keys: fixture.keys, limits: fixture.limits, logger: RecordingLog().logger)
        var expected: [UInt8] = []
        for _ in 0..<Int.random(in: 1...120, using: &generator) {
            let part = [UInt8](
                repeating: .random(in: 0...255, using: &generator),
                count: .random(in: 1...50, using: &generator) / 4 + 1)
            try await parts.add(part, retry: .never)
            expected += part
        }
        _ = try await parts.finish(with: [1, 2, 3], retry: .never)
        #expect(fixture.store[fixture.keys.log] == expected + [1, 2, 3])
        #expect(fixture.names == ["log"])
    }

    @Test("who follows a real log of a build gets all of it, whenever they come", arguments: UInt64(0)..<30)
    func following(seed: UInt64) async throws {
        let generator = Mutex(SeededGenerator(seed: seed))
        @Sendable func random(_ range: ClosedRange<Int>) -> Int {
            generator.withLock { Int.random(in: range, using: &$0) }
        }
        var fixture = try LogFixture(chunk: 5) { _, _, _ in
            for _ in 0..<random(0...6) { await Task.yield() }
        }
        fixture.limits.partSize = random(1...40)
        fixture.limits.partDelay = .microseconds(random(0...2000))
        fixture.setRecord("running")
        let (started, log, text) = (random(0...300), fixture.log(), (0..<500).map { _ in UInt8(random(0...255)) })
        let offset = random(0...1) * random(0...500)
        let isDue = Gate()
        let follower = Task { [fixture] in
            try await isDue.wait()
            return try await fixture.read(from: Int64(offset), follow: true)
        }
        var rest = text[...]
        while !rest.isEmpty {
            if text.count - rest.count >= started { isDue.open() }
            let count = random(1...30)
            try await log.write(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
            if random(0...3) == 0 { try await Task.sleep(for: .microseconds(random(0...3000))) }
        }
        _ = try await log.finish()
        fixture.setRecord("succeeded")
        isDue.open()
        #expect(try await follower.value == Array(text.dropFirst(offset)), "seed \(seed)")
    }
}
