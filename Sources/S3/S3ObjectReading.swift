import NIOCore
import ObjectStorage
import Synchronization

/// How far a reader has come in an object; goes on where a connection broke.
final class S3ObjectReading: Sendable {
    private struct Course: Sendable {
        var body: BodyIterator
        var position: Int64
        var skip: Int64
        var check: ContentCheck
        /// What came but is too much for one chunk.
        var rest = ByteBuffer()
        /// Failures since bytes came.
        var failures = 0
        var pace = ReadingPace()
        var isOver = false
    }

    private let store: S3ObjectStore
    private let metadata: ObjectMetadata
    private let end: Int64
    private let course: Mutex<Course?>

    /// Begins to read.
    ///
    /// - Parameters:
    ///   - opened: The answer of the server.
    ///   - store: Asked again when the connection breaks.
    init(_ opened: OpenedObject, store: S3ObjectStore) {
        self.store = store
        metadata = opened.metadata
        end = opened.wanted.upperBound
        course = Mutex(
            Course(
                body: BodyIterator(opened.response.body), position: opened.wanted.lowerBound, skip: opened.skip,
                check: opened.check))
    }

    /// The next chunk.
    ///
    /// - Returns: nil at the end, when all is there and what the server's hash is of.
    /// - Throws: ``ObjectStoreError``, `CancellationError`.
    func next() async throws -> [UInt8]? {
        let taken = course.withLock { course -> Course? in
            let value = course
            course = nil
            return value
        }
        guard var current = taken else { throw ObjectStoreError(.misuse, .get, metadata.key) }
        do {
            let chunk = try await next(&current)
            giveBack(current)
            return chunk
        } catch {
            giveBack(current)
            throw error
        }
    }

    private func giveBack(_ value: Course) { course.withLock { course in course = value } }

    private func next(_ course: inout Course) async throws -> [UInt8]? {
        if course.isOver { return nil }
        while true {
            if course.rest.readableBytes > 0 { return try chunk(&course) }
            let problem: TransportProblem
            do {
                let asked = ContinuousClock.now
                if let buffer = try await course.body.next() {
                    take(buffer, &course)
                    guard isTooSlow(buffer.readableBytes, in: .now - asked, &course) else { continue }
                    problem = .timedOut("less than \(store.configuration.limits.minimumRate) bytes per second came")
                } else if course.position == end {
                    return try finish(&course)
                } else {
                    problem = .cut("it ended after \(course.position) of \(end) bytes")
                }
            } catch {
                if Task.isCancelled { throw CancellationError() }
                if course.position == end { return try finish(&course) }
                problem = TransportProblem(error)
            }
            try await resume(after: problem, &course)
        }
    }

    /// Takes what came; what comes before the bytes asked for, or behind them, is dropped.
    private func take(_ buffer: ByteBuffer, _ course: inout Course) {
        var buffer = buffer
        let skipped = Int(min(course.skip, Int64(buffer.readableBytes)))
        buffer.moveReaderIndex(forwardBy: skipped)
        course.skip -= Int64(skipped)
        let wanted = Int(min(end - course.position, Int64(buffer.readableBytes)))
        course.rest = buffer.readSlice(length: wanted) ?? ByteBuffer()
    }

    /// Whether to ask anew instead of waiting on; what came last is left, and comes again then.
    private func isTooSlow(_ count: Int, in time: Duration, _ course: inout Course) -> Bool {
        guard course.pace.isTooSlow(count, in: time, store.configuration.limits),
            course.position + Int64(course.rest.readableBytes) < end
        else { return false }
        course.rest = ByteBuffer()
        return true
    }

    private func chunk(_ course: inout Course) throws -> [UInt8] {
        let count = min(course.rest.readableBytes, ObjectBody.maximumChunk)
        let bytes = course.rest.readBytes(length: count) ?? []
        course.position += Int64(bytes.count)
        course.failures = 0
        course.check.update(bytes)
        return bytes
    }

    private func finish(_ course: inout Course) throws -> [UInt8]? {
        course.isOver = true
        guard course.check.holds() else { throw error(S3Failure(.damaged("what came does not fit its checksum"))) }
        return nil
    }

    /// Asks for what is missing, of the same object.
    private func resume(after problem: TransportProblem, _ course: inout Course) async throws {
        course.failures += 1
        var failure = S3Failure(.transport(problem))
        failure.attempts = course.failures
        let limits = store.configuration.limits
        guard course.failures < limits.attempts, course.pace.slowTimes < limits.attempts,
            store.client.budget.take(isTimeOut: false)
        else {
            throw error(failure)
        }
        S3Metrics.countRetry(.getObject)
        let bound = min(limits.firstDelay * (1 << (course.failures - 1)), limits.maximumDelay)
        try await Task.sleep(for: bound * Double.random(in: 0...1))
        let opened = try await store.open(metadata.key, course.position..<end, etag: metadata.etag)
        course.body = BodyIterator(opened.response.body)
        course.skip = opened.skip
    }

    private func error(_ failure: S3Failure) -> ObjectStoreError {
        ObjectStoreError(failure, .getObject, .get, metadata.key.rawValue, store.configuration)
    }
}
