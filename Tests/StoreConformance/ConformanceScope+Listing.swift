import ObjectStorage
import Testing

extension ConformanceScope {
    func listingOrder() async throws {
        // "+", "-" and "." sort before "/", letters and digits after it.
        let names = ["a+b", "a-b", "a-b/c", "a.x", "a/b", "a/b-c", "a/b0/c", "a0", "aB", "a_b", "ab/c", "b"]
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let usable = names.filter { name in !names.contains { $0.hasPrefix(name + "/") } }
        for name in usable.reversed() { try await store.put(key(name), bytes: Array(name.utf8)) }
        #expect(try await self.names() == usable)
        for try await item in store.list(prefix: prefix + "/") {
            #expect(try await store.head(item.key) == item)
        }
    }

    func listingPrefixes() async throws {
        for name in ["apps/blog/1", "apps/blog/10", "apps/blog/2/x", "apps/blog-api/1", "apps/shop/1", "zeta"] {
            try await store.put(key(name), bytes: [])
        }
        #expect(try await names("/apps/blog/") == ["apps/blog/1", "apps/blog/10", "apps/blog/2/x"])
        #expect(try await names("/apps/blog/1") == ["apps/blog/1", "apps/blog/10"])
        #expect(try await names("/apps/blog").count == 4)
        #expect(try await names("/apps/blog/2/x") == ["apps/blog/2/x"])
        #expect(try await names("/apps/blog/2/x/").isEmpty)
        #expect(try await names("/z") == ["zeta"])
        for prefix in ["/", "..", "../", "a//", prefix + "//", prefix + "/../", prefix + "/apps/./", "\u{0}", "é"] {
            for try await item in store.list(prefix: prefix) { Issue.record("\(prefix) lists \(item.key)") }
        }
    }

    func listingPages() async throws {
        let count = 300
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                group.addTask { try await store.put(key("page/\(number % 7)/\(number)"), bytes: [1]) }
            }
            try await group.waitForAll()
        }
        let listed = try await names()
        #expect(listed.count == count && Set(listed).count == count)
        #expect(listed == listed.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        // A listing can be left early, and be read twice.
        let listing = store.list(prefix: prefix + "/")
        for _ in 0..<2 {
            var seen = 0
            for try await _ in listing {
                seen += 1
                if seen == 280 { break }
            }
            #expect(seen == 280)
        }
    }
}
