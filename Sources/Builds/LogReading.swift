import FoundationEssentials
import ObjectStorage
import Retries

/// How far a reader has come in a log that may grow, and turn from parts into one object, while it is read.
///
/// Parts and whole have the same bytes, so all that counts is the offset of the next one. It relies on the order in
/// which ``LogParts`` works: all parts, then the whole log, and only then are the parts deleted.
struct LogReading {
    /// Behind every log, and no trouble for whoever calculates with it.
    private static let farthest: Int64 = 1 << 50
    /// Bytes of a record; ours have less than 2,000 and the reason.
    private static let maximumRecord = 1 << 20

    private enum Source {
        case whole
        case part(size: Int64)
    }

    private let reader: BuildLogReader
    private let follow: Bool
    /// The next byte wanted.
    private var offset: Int64
    /// The part where it is, or was, and the offset of that part's first byte.
    private var part: (number: Int, start: Int64) = (1, 0)
    private var open: (source: Source, bytes: ObjectBody.AsyncIterator)?
    private var hasStarted = false
    /// A part went while it was read; nothing came since.
    private var hasLostPart = false
    /// The record says that the build has ended.
    private var hasEnded = false
    private var isOver = false

    init(_ reader: BuildLogReader, offset: Int64, follow: Bool) {
        self.reader = reader
        self.follow = follow
        self.offset = min(max(0, offset), Self.farthest - 1)
    }

    /// The next bytes, waited for where the log is followed; nil at the end.
    mutating func next() async throws -> [UInt8]? {
        let retry = reader.retry
        return try await retry.run { try await step() }
    }

    /// After an error it can be called again, and goes on where it was.
    private mutating func step() async throws -> [UInt8]? {
        while !isOver {
            if open == nil {
                try await lookForMore()
            } else if let bytes = try await readOn() {
                return bytes
            }
        }
        return nil
    }

    private mutating func readOn() async throws -> [UInt8]? {
        guard var current = open.take() else { return nil }
        do {
            if let chunk = try await current.bytes.next() {
                offset += Int64(chunk.count)
                hasLostPart = false
                open = current
                return chunk
            }
        } catch let error as ObjectStoreError where error.kind == .notFound || error.kind == .damaged {
            // It was deleted under our hands because the whole log is there; twice in a row is another matter.
            guard case .part = current.source, !hasLostPart else { throw error }
            hasLostPart = true
            return nil
        }
        switch current.source {
        case .whole:
            isOver = true
        case .part(let size):
            guard offset == part.start + size else {
                throw ObjectStoreError(.damaged, .get, try reader.keys.logPart(part.number), detail: "it ends early")
            }
            part = (part.number + 1, offset)
        }
        return nil
    }

    private mutating func lookForMore() async throws {
        if !hasStarted {
            // Most logs that are read are those of builds that ended.
            if try await openWhole() { return }
            if offset > 0 { try await findPart() }
            hasStarted = true
        }
        if try await openPart() { return }
        // In this order: parts vanish only when the whole log is there, so a part that is missing before the whole is
        // missing too was not written yet.
        if try await openWhole() { return }
        if hasEnded {
            // The whole could not be stored, and these were all parts.
            isOver = true
        } else if try await !isRunning() {
            // What came before that was said may have come after we looked.
            hasEnded = true
        } else if follow {
            try await Task.sleep(for: reader.pollInterval)
        } else {
            isOver = true
        }
    }

    private mutating func openWhole() async throws -> Bool {
        do {
            let range = offset == 0 ? nil : offset..<Self.farthest
            let object = try await reader.store.get(reader.keys.log, range: range)
            open = (.whole, object.body.makeAsyncIterator())
            return true
        } catch let error as ObjectStoreError where error.kind == .notFound {
            return false
        } catch let error as ObjectStoreError where error.kind == .invalidRange {
            // It ends before the next byte.
            isOver = true
            return true
        }
    }

    private mutating func openPart() async throws -> Bool {
        while true {
            let key = try reader.keys.logPart(part.number)
            var range: Range<Int64>?
            if offset > part.start {
                guard let size = try await reader.store.head(key)?.size else { return false }
                let end = part.start + size
                guard offset < end else {
                    part = (part.number + 1, end)
                    continue
                }
                range = offset - part.start..<size
            }
            do {
                let object = try await reader.store.get(key, range: range)
                open = (.part(size: object.metadata.size), object.body.makeAsyncIterator())
                return true
            } catch let error as ObjectStoreError where error.kind == .notFound {
                return false
            }
        }
    }

    /// Skips the parts before the offset with few requests.
    private mutating func findPart() async throws {
        for try await object in reader.store.list(prefix: reader.keys.logParts) {
            let end = part.start + object.size
            // One that is missing in the row is gone, or something else is there: the whole log will tell.
            guard try object.key == reader.keys.logPart(part.number), end <= offset else { return }
            part = (part.number + 1, end)
        }
    }

    private func isRunning() async throws -> Bool {
        let key = reader.keys.record
        let bytes: [UInt8]
        do {
            bytes = try await reader.store.getAll(key, limit: Self.maximumRecord)
        } catch let error as ObjectStoreError where error.kind == .notFound {
            throw BuildLogError.noSuchBuild(app: reader.app, id: reader.id)
        }
        do {
            return try JSONDecoder().decode(Outcome.self, from: Data(bytes)).outcome == RunningBuildRecord.running
        } catch {
            throw ObjectStoreError(.damaged, .get, key, detail: "\(error)")
        }
    }

    /// What running and ended builds' records have in common.
    private struct Outcome: Decodable {
        let outcome: String
    }
}
