import ObjectStorage
import S3
import StoreConformance
import Testing

@Suite("S3ObjectStore", .serialized, .timeLimit(.minutes(10)))
struct ConformanceTests {
    @Test("on SeaweedFS it does what every object store does", arguments: ObjectStoreConformance.allCases)
    func seaweedFS(check: ObjectStoreConformance) async throws {
        try await TestServer.seaweedFS.withStore(bucket: "conformance") { store in try await check.verify(store) }
    }

    /// moto looks at a condition and stores the object in two steps, so of racing puts several may win.
    private static let onMoto = ObjectStoreConformance.allCases.filter {
        $0 != .racingPutsIfAbsent && $0 != .racingPutsIfMatch
    }

    @Test("on moto it does what every object store does", arguments: onMoto)
    func moto(check: ObjectStoreConformance) async throws {
        try await TestServer.moto.withStore(bucket: "conformance") { store in try await check.verify(store) }
    }

    @Test("below a prefix it does what every object store does", arguments: ObjectStoreConformance.allCases)
    func prefixed(check: ObjectStoreConformance) async throws {
        try await TestServer.seaweedFS.withStore(bucket: "prefixed", prefix: "a+b/c=d") { store in
            try await check.verify(store)
        }
    }

    @Test(
        "with short pages, and little memory to put them in order, listings are the same",
        arguments: TestServer.allCases,
        [ObjectStoreConformance.listingOrder, .listingPrefixes, .listingPages, .deleting])
    func shortPages(server: TestServer, check: ObjectStoreConformance) async throws {
        var limits = S3Limits()
        limits.pageSize = 7
        limits.sortedObjects = 3
        try await server.withStore(bucket: "pages", limits: limits) { store in try await check.verify(store) }
    }

    @Test("with small parts it does what every object store does", arguments: onMoto)
    func inParts(check: ObjectStoreConformance) async throws {
        var limits = S3Limits()
        // SeaweedFS and AWS take no parts under 5 MiB.
        limits.partSize = 100_000
        try await TestServer.moto.withStore(bucket: "parts", limits: limits) { store in try await check.verify(store) }
    }
}
