package import Archive
import Synchronization

/// An extractor that can be moved between the threads of a pool.
package final class SourceUnpacker: Sendable {
    // Never contended: a chunk is appended only after the one before it.
    private let extractor: Mutex<ArchiveExtractor>

    package init(into directory: String, limits: ArchiveLimits) throws {
        extractor = Mutex(try ArchiveExtractor(into: directory, limits: limits))
    }

    package func append(_ chunk: [UInt8]) throws { try extractor.withLock { try $0.append(chunk) } }

    package func finish() throws { try extractor.withLock { _ = try $0.finish() } }
}
