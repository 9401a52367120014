package import ObjectStorage

/// What every object store has to do: run all cases against any store.
///
/// Each case works under its own prefix and leaves nothing else behind, so a bucket may be shared.
package enum ObjectStoreConformance: String, CaseIterable, Sendable {
    case contentComesBack
    case largeContentStreams
    case rangesAreCut
    case missingObjects
    case replacing
    case deleting
    case putIfAbsent
    case putIfMatch
    case racingPutsIfAbsent
    case racingPutsIfMatch
    case readersSeeWholeObjects
    case throwingBody
    case cancelledPut
    case writerMisuse
    case listingOrder
    case listingPrefixes
    case listingPages

    /// Runs all cases.
    package static func verify(_ store: any ObjectStore) async throws {
        for check in allCases { try await check.verify(store) }
    }

    /// Runs one case.
    package func verify(_ store: any ObjectStore) async throws {
        let scope = ConformanceScope(store: store, prefix: "conformance/\(rawValue)")
        try await scope.clear()
        switch self {
        case .contentComesBack: try await scope.contentComesBack()
        case .largeContentStreams: try await scope.largeContentStreams()
        case .rangesAreCut: try await scope.rangesAreCut()
        case .missingObjects: try await scope.missingObjects()
        case .replacing: try await scope.replacing()
        case .deleting: try await scope.deleting()
        case .putIfAbsent: try await scope.putIfAbsent()
        case .putIfMatch: try await scope.putIfMatch()
        case .racingPutsIfAbsent: try await scope.racingPuts(.ifAbsent)
        case .racingPutsIfMatch:
            let before = try await scope.store.put(scope.key("contested"), bytes: [0])
            try await scope.racingPuts(.ifMatch(etag: before.etag))
        case .readersSeeWholeObjects: try await scope.readersSeeWholeObjects()
        case .throwingBody: try await scope.throwingBody()
        case .cancelledPut: try await scope.cancelledPut()
        case .writerMisuse: try await scope.writerMisuse()
        case .listingOrder: try await scope.listingOrder()
        case .listingPrefixes: try await scope.listingPrefixes()
        case .listingPages: try await scope.listingPages()
        }
        try await scope.clear()
    }
}
