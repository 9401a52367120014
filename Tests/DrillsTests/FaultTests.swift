import Drills
import Health
import NIOPosix
import ObjectStorage
import TestSupport
import Testing

@Suite("Faults on purpose")
struct FaultTests {
    private struct Fine: HealthCheck {
        let name = "storage"
        let title = "object storage"
        let isNeededByPush = true
        func check() async throws {}
    }

    private func store() throws -> (TemporaryDirectory, FileObjectStore) {
        let directory = try TemporaryDirectory()
        return (directory, try FileObjectStore(root: directory.path, pool: .singleton))
    }

    @Test("a store that is down refuses everything and changes nothing")
    func down() async throws {
        let (directory, real) = try store()
        defer { _ = directory }
        let key = try ObjectKey("a/b")
        try await real.put(key, bytes: [1])
        let faulty = FaultyObjectStore(real, effect: .down)
        await #expect(throws: ObjectStoreError.self) { try await faulty.put(key, bytes: [2]) }
        await #expect(throws: ObjectStoreError.self) { try await faulty.getAll(key, limit: 10) }
        await #expect(throws: ObjectStoreError.self) { try await faulty.head(key) }
        await #expect(throws: ObjectStoreError.self) { try await faulty.delete([key]) }
        await #expect(throws: ObjectStoreError.self) { for try await _ in faulty.list(prefix: "") {} }
        #expect(try await real.getAll(key, limit: 10) == [1])
    }

    @Test("a slow store takes its time and works; a flaky one of share zero never fails")
    func works() async throws {
        let (directory, real) = try store()
        defer { _ = directory }
        for effect in [FaultEffect.slow(.milliseconds(20)), .flaky(0)] {
            let faulty = FaultyObjectStore(real, effect: effect)
            let start = ContinuousClock.now
            for name in ["x", "y", "z"] { try await faulty.put(try ObjectKey(name), bytes: [1]) }
            var names: [String] = []
            for try await object in faulty.list(prefix: "") { names.append(object.key.rawValue) }
            #expect(names == ["x", "y", "z"])
            if case .slow(let time) = effect { #expect(ContinuousClock.now - start >= time * 3) }
        }
    }

    @Test("a flaky check fails about as often as it is told to")
    func flaky() async throws {
        let check = FaultyCheck(Fine(), effect: .flaky(0.3), text: "flaky:0.3")
        var failures = 0
        for _ in 0..<1000 {
            do { try await check.check() } catch { failures += 1 }
        }
        // 0.3 with a standard deviation of 14.5: beyond ten of these no generator goes.
        #expect((150...450).contains(failures))
        #expect(check.simulated == "flaky:0.3")
        #expect((check.name, check.title, check.isNeededByPush) == ("storage", "object storage", true))
    }

    @Test("a check that is down says that it is simulated")
    func downCheck() async {
        await #expect(throws: HealthProblem(cause: "a fault is simulated")) {
            try await FaultyCheck(Fine(), effect: .down, text: "down").check()
        }
    }
}
