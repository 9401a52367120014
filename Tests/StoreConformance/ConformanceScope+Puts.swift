import ObjectStorage
import Testing

extension ConformanceScope {
    func putIfAbsent() async throws {
        let key = try key("once")
        let first = try await store.put(key, bytes: [1], condition: .ifAbsent)
        await expect(.conditionFailed) { try await store.put(key, bytes: [2], condition: .ifAbsent) }
        #expect(try await store.getAll(key, limit: 1) == [1])
        #expect(try await store.head(key) == first)
        try await store.delete([key])
        try await store.put(key, bytes: [3], condition: .ifAbsent)
    }

    func putIfMatch() async throws {
        let key = try key("versions")
        await expect(.conditionFailed) { try await store.put(key, bytes: [1], condition: .ifMatch(etag: "none")) }
        #expect(try await store.head(key) == nil)
        let first = try await store.put(key, bytes: [1])
        let second = try await store.put(key, bytes: [2], condition: .ifMatch(etag: first.etag))
        await expect(.conditionFailed) {
            try await store.put(key, bytes: [3], condition: .ifMatch(etag: first.etag))
        }
        #expect(try await store.head(key) == second)
        try await store.delete([key])
        await expect(.conditionFailed) {
            try await store.put(key, bytes: [3], condition: .ifMatch(etag: second.etag))
        }
        #expect(try await names() == [])
    }

    /// Of many conditional puts at once exactly one wins, and its content is what stays.
    func racingPuts(_ condition: PutCondition) async throws {
        let key = try key("contested")
        let winners = try await withThrowingTaskGroup(of: UInt8?.self) { group in
            for number in UInt8(1)...20 {
                group.addTask {
                    do {
                        try await store.put(key, bytes: [number], condition: condition)
                        return number
                    } catch let error as ObjectStoreError where error.kind == .conditionFailed {
                        return nil
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
        }
        #expect(winners.count == 1)
        #expect(try await store.getAll(key, limit: 1) == winners)
    }

    func throwingBody() async throws {
        struct Stop: Error {}
        let (old, new) = try (key("old"), key("new"))
        let before = try await store.put(old, bytes: [1])
        for key in [old, new] {
            await #expect(throws: Stop.self) {
                try await store.put(key, condition: .always) { writer in
                    try await writer.write(Self.pattern(500_000))
                    throw Stop()
                }
            }
        }
        #expect(try await store.head(old) == before)
        #expect(try await names() == ["old"])
    }

    func cancelledPut() async throws {
        let (old, new) = try (key("old"), key("new"))
        let before = try await store.put(old, bytes: [1])
        for key in [old, new] {
            // One body notices its cancellation, the other returns as if nothing had happened.
            for notices in [true, false] {
                let (started, continuation) = AsyncStream.makeStream(of: Void.self)
                let put = Task {
                    try await store.put(key, condition: .always) { writer in
                        try await writer.write(Self.pattern(500_000))
                        continuation.finish()
                        do {
                            try await Task.sleep(for: .seconds(3600))
                        } catch {
                            if notices { throw error }
                        }
                    }
                }
                for await _ in started {}
                put.cancel()
                await #expect(throws: CancellationError.self) { try await put.value }
            }
        }
        #expect(try await store.head(old) == before)
        #expect(try await names() == ["old"])
    }

    func writerMisuse() async throws {
        let key = try key("misused")
        let (writers, continuation) = AsyncStream.makeStream(of: (any ObjectWriter).self)
        let put = try await store.put(key, condition: .always) { writer in
            try await writer.write([1])
            continuation.yield(writer)
            continuation.finish()
        }
        for await writer in writers { await expect(.misuse) { try await writer.write([2]) } }
        #expect(try await store.head(key) == put)
        #expect(try await store.getAll(key, limit: 1) == [1])
    }
}
