/// The metadata of many objects, read page by page while it is iterated.
package struct ObjectListing: AsyncSequence, Sendable {
    package typealias Element = ObjectMetadata
    package typealias Failure = any Error
    /// Gives one page after the other, which may be empty, then nil.
    package typealias Pages = @Sendable () async throws -> [ObjectMetadata]?

    private let start: @Sendable () -> Pages

    /// Makes a listing.
    ///
    /// - Parameter start: Called for each iteration; the function it returns belongs to that iteration alone.
    package init(start: @escaping @Sendable () -> Pages) {
        self.start = start
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(nextPage: start()) }

    /// Reads the pages and gives their elements.
    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let nextPage: Pages
        private var page: ArraySlice<ObjectMetadata> = []

        fileprivate init(nextPage: @escaping Pages) {
            self.nextPage = nextPage
        }

        package mutating func next() async throws -> ObjectMetadata? {
            while page.isEmpty {
                try Task.checkCancellation()
                guard let more = try await nextPage() else { return nil }
                page = more[...]
            }
            return page.removeFirst()
        }
    }
}
