import Foundation
import ObjectStorage
import Synchronization
import Testing

@testable import S3

@Suite("Memory of many puts", .serialized, .timeLimit(.minutes(10)))
struct UploadMemoryTests {
    private static let partSize = 5 << 20
    /// Three parts.
    private static let content = FaultScope.pattern((12 << 20) + 1)

    /// Room for so many parts.
    private static func limits(parts: Int) -> S3Limits {
        var limits = FaultScope.limits
        limits.uploadMemory = parts * partSize
        return limits
    }

    @Test("puts end with room for one part among them", arguments: [1, 4])
    func onePart(puts: Int) async throws {
        try await FaultScope.run(limits: Self.limits(parts: 1), faults: { _, _ in .none }) { scope, key in
            try await withThrowingTaskGroup(of: ObjectMetadata.self) { group in
                for number in 0..<puts {
                    let key = try ObjectKey("\(key)/\(number)")
                    group.addTask { try await scope.store.put(key, bytes: Self.content) }
                }
                for try await put in group { #expect(put.size == Int64(Self.content.count)) }
            }
        }
    }

    @Test(
        "small objects and parts of logs get through while large ones wait for a slow server",
        arguments: [200_000, 1 << 20])
    func small(size: Int) async throws {
        let (stalled, continuation) = AsyncStream.makeStream(of: Void.self)
        let plan: FaultProxy.Plan = { _, line in
            guard line.contains("partNumber=") else { return .none }
            continuation.yield()
            return .stallUp(after: 100_000)
        }
        try await FaultScope.run(limits: Self.limits(parts: 1), faults: plan) { scope, key in
            let large = Task { try await scope.store.put(key, bytes: Self.content) }
            for await _ in stalled { break }
            try await scope.store.put(try ObjectKey("\(key)/small"), bytes: Array(Self.content[..<size]))
            large.cancel()
            await #expect(throws: CancellationError.self) { try await large.value }
        }
    }

    @Test(
        "small requests do not wait for large ones that hold all places, nor does one that puts parts together for its own"
    )
    func places() async throws {
        let (held, continuation) = AsyncStream.makeStream(of: Void.self)
        let plan: FaultProxy.Plan = { _, line in
            let isListing = line.contains("list-type=2")
            let isCompletion = line.hasPrefix("POST") && line.contains("uploadId=")
            guard isListing || isCompletion else { return .none }
            continuation.yield()
            return .stallDown(after: 0)
        }
        var limits = Self.limits(parts: 2)
        limits.concurrentRequests = 1
        limits.concurrentSmallRequests = 1
        try await FaultScope.run(limits: limits, faults: plan) { scope, key in
            var steps = held.makeAsyncIterator()
            let large = Task { try await scope.store.put(key, bytes: Self.content) }
            _ = await steps.next()
            // The completion holds no place, so this gets the only one of large requests.
            let listing = Task { for try await _ in scope.store.list(prefix: key.rawValue) {} }
            _ = await steps.next()
            try await scope.store.put(try ObjectKey("\(key)/small"), bytes: [1])
            large.cancel()
            listing.cancel()
            await #expect(throws: CancellationError.self) { try await large.value }
            await #expect(throws: CancellationError.self) { try await listing.value }
        }
    }

    @Test("what comes in one write takes its own size, what grows takes a whole part")
    func classes() async throws {
        var limits = Self.limits(parts: 1)
        limits.middleUploadMemory = 2 << 20
        limits.smallUploadMemory = UploadMemory.smallSize
        let memory = UploadMemory(limits)
        let large = try await memory.partShare()
        // Each waits for ever if it takes more.
        var logs = [UploadPiece(), UploadPiece()]
        for index in logs.indices {
            try await logs[index].makeRoom(for: 1 << 20, in: memory, partSize: Self.partSize, isPart: false)
            logs[index].append(Self.content[..<(1 << 20)])
        }
        #expect(logs.allSatisfy { $0.finished().share != nil })
        var record = UploadPiece()
        for start in stride(from: 0, to: UploadMemory.smallSize, by: 64 << 10) {
            try await record.makeRoom(for: 64 << 10, in: memory, partSize: Self.partSize, isPart: false)
            record.append(Self.content[start..<(start + 64 << 10)])
        }
        // Runs here until it waits.
        let growing = Task.immediate { [record] in
            var record = record
            try await record.makeRoom(for: 1, in: memory, partSize: Self.partSize, isPart: false)
            return record.finished().share != nil
        }
        // While it waits, it holds nothing that others wait for.
        _ = try await memory.smallShare()
        large.end()
        let hasShare = try await growing.value
        #expect(hasShare)
        // Given back with its piece.
        _ = try await memory.partShare()
    }

    @Test("a put that fails or is cancelled gives its memory back")
    func givenBack() async throws {
        let isCancelled = Mutex(false)
        let (stalled, continuation) = AsyncStream.makeStream(of: Void.self)
        let plan: FaultProxy.Plan = { _, line in
            guard line.contains("partNumber=2") else { return .none }
            guard isCancelled.withLock({ $0 }) else { return .status("403 Forbidden") }
            continuation.finish()
            return .stallUp(after: 100_000)
        }
        try await FaultScope.run(limits: Self.limits(parts: 3), faults: plan) { scope, key in
            await FaultScope.expect(.notAllowed) { try await scope.store.put(key, bytes: Self.content) }
            isCancelled.withLock { $0 = true }
            let put = Task { try await scope.store.put(key, bytes: Self.content) }
            for await _ in stalled {}
            put.cancel()
            await #expect(throws: CancellationError.self) { try await put.value }
            // Waits for ever if some is missing.
            let memory = scope.store.client.memory
            let shares = [try await memory.partShare(), try await memory.partShare(), try await memory.partShare()]
            #expect(shares.count == 3)
        }
    }

    @Test("many puts to a slow server take no more memory than they may together")
    func manyPuts() async {
        await #expect(processExitsWith: .success) {
            let (puts, parts) = (16, 8)
            let piece = FaultScope.pattern(1 << 20)
            try await FaultScope.run(
                limits: UploadMemoryTests.limits(parts: parts), faults: { _, _ in .slowUp(bytesPerSecond: 4 << 20) }
            ) { scope, key in
                try await scope.store.put(key, bytes: piece)
                // 5 sets the peak to what is resident now (proc(5), clear_refs).
                try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
                let before = try UploadMemoryTests.peak()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<puts {
                        let key = try ObjectKey("\(key)/\(number)")
                        group.addTask {
                            try await scope.store.put(key, condition: .always) { writer in
                                for _ in 0..<15 { try await writer.write(piece) }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let growth = try UploadMemoryTests.peak() - before
                print("\(puts) puts of three parts, room for \(parts) parts: \(growth >> 20) MiB")
                // What is being sent is copied once more on its way; without a limit it would be 240 MiB and more.
                #expect(growth < 3 * parts * UploadMemoryTests.partSize)
            }
        }
    }

    /// The most bytes that this process had in memory.
    private static func peak() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return try #require(line?.split(separator: " ").dropLast().last.flatMap { Int($0) }) * 1024
    }
}
