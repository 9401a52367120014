import ObjectStorage
import Testing

extension ConformanceScope {
    func contentComesBack() async throws {
        for (index, size) in [0, 1, 255, 65_536, 262_144, 300_001].enumerated() {
            let key = try key("object-\(index)_a=b+c.txt")
            let bytes = Self.pattern(size)
            let put = try await store.put(key, bytes: bytes)
            #expect(put.key == key && put.size == Int64(size) && !put.etag.isEmpty && put.modified > 1_700_000_000)
            #expect(try await store.head(key) == put)
            let object = try await store.get(key, range: nil)
            #expect(object.metadata == put)
            #expect(try await store.getAll(key, limit: size) == bytes)
        }
        let large = try key("object-5_a=b+c.txt")
        await expect(.tooLarge) { _ = try await store.getAll(large, limit: 300_000) }
    }

    func largeContentStreams() async throws {
        let key = try key("a/b/c/d/large")
        let piece = Self.pattern(100_003)
        let put = try await store.put(key, condition: .always) { writer in
            for _ in 0..<50 { try await writer.write(piece) }
            try await writer.write([])
            for byte in piece.prefix(1000) { try await writer.write([byte]) }
        }
        #expect(put.size == Int64(50 * piece.count + 1000))
        var position = 0
        for try await chunk in try await store.get(key, range: nil).body {
            #expect(!chunk.isEmpty && chunk.count <= ObjectBody.maximumChunk)
            let whole = (0..<chunk.count).allSatisfy { chunk[$0] == piece[(position + $0) % piece.count] }
            #expect(whole)
            position += chunk.count
        }
        #expect(position == Int(put.size))
    }

    func rangesAreCut() async throws {
        let key = try key("ranged")
        let bytes = Self.pattern(600_000)
        let put = try await store.put(key, bytes: bytes)
        let ranges: [Range<Int64>] = [0..<1, 0..<600_000, 599_999..<600_000, 262_143..<262_145, 5..<400_000]
        for range in ranges + [599_000..<900_000, 1..<Int64.max] {
            let object = try await store.get(key, range: range)
            #expect(object.metadata == put)
            var read: [UInt8] = []
            for try await chunk in object.body { read += chunk }
            #expect(read == Array(bytes[Int(range.lowerBound)..<Int(min(range.upperBound, 600_000))]))
        }
        for range in [600_000..<600_001, 5..<5, -1..<5, Int64.max - 1..<Int64.max] as [Range<Int64>] {
            await expect(.invalidRange) { _ = try await store.get(key, range: range) }
        }
    }

    func missingObjects() async throws {
        let present = try key("directory/present")
        try await store.put(present, bytes: [1])
        // The beginning of a key is no object, and nothing is below an object.
        for name in ["missing", "a/b/c", "directory", "directory/present/below"] {
            let key = try key(name)
            #expect(try await store.head(key) == nil)
            await expect(.notFound) { _ = try await store.get(key, range: nil) }
            await expect(.notFound) { _ = try await store.get(key, range: 0..<1) }
            try await store.delete([key])
        }
        #expect(try await names() == ["directory/present"])
        #expect(try await names("/none") == [])
    }

    func replacing() async throws {
        let key = try key("replaced")
        let first = try await store.put(key, bytes: Self.pattern(500_000))
        let old = try await store.get(key, range: nil)
        let second = try await store.put(key, bytes: [1, 2, 3])
        #expect(first.etag != second.etag)
        #expect(try await store.getAll(key, limit: 10) == [1, 2, 3])
        // Who opened the old one reads the old one or is told, but never gets a mixture.
        var read: [UInt8] = []
        do {
            for try await chunk in old.body { read += chunk }
            #expect(read == Self.pattern(500_000))
        } catch is ObjectStoreError {}
        // Equal content has an equal etag where it is a hash; a changed one always differs.
        #expect(try await store.put(key, bytes: [1, 2, 4]).etag != second.etag)
    }

    func deleting() async throws {
        let keys = try (0..<20).map { try key("d\($0 % 3)/e/\($0)") }
        for key in keys { try await store.put(key, bytes: [1]) }
        try await store.delete([])
        try await store.delete(Array(keys[..<10]))
        #expect(try await names().count == 10)
        try await store.delete(keys + keys)
        #expect(try await names() == [])
        // What was the beginning of keys may be a key now.
        let short = try key("d0")
        try await store.put(short, bytes: [2])
        #expect(try await store.getAll(short, limit: 1) == [2])
    }

    func readersSeeWholeObjects() async throws {
        let key = try key("shared")
        let size = 300_000
        try await store.put(key, bytes: [UInt8](repeating: 0, count: size))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in UInt8(1)...3 {
                group.addTask {
                    for _ in 0..<5 { try await store.put(key, bytes: [UInt8](repeating: writer, count: size)) }
                }
            }
            for _ in 0..<3 {
                group.addTask {
                    for _ in 0..<10 {
                        let bytes = try await store.getAll(key, limit: size)
                        #expect(bytes.count == size && Set(bytes).count == 1)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
