/// Reads a tar archive that arrives in pieces of any size; no I/O, and never more than a header is held back.
///
/// It accepts ustar, pax and GNU long names, and refuses whatever readers are known to disagree about: a name given
/// twice, content in a directory, data behind the end. Paths are checked for length and NUL only: where they lead
/// is ``ArchiveExtractor``'s business. After an error every call throws the same error again.
package struct TarReader: Sendable {
    /// What the archive says next.
    package enum Event: Sendable, Equatable {
        case entry(TarEntry)
        /// A piece of the last entry's content, never empty.
        case data([UInt8])
        /// The last entry is complete; also after directories and links.
        case endOfEntry
        /// The end marker was read.
        case end
    }

    private enum State {
        case header
        case extended(type: UInt8, size: Int, padding: Int)
        case content(remaining: Int64, padding: Int)
        case padding(Int)
        case secondZeroBlock
        case ended(trailing: Int)
        case failed(TarError)
    }

    private let limits: ArchiveLimits
    private var state = State.header
    private var input = PendingInput()
    private var pending = PendingNames()
    private var entries = 0
    private var totalBytes: Int64 = 0

    /// Makes a reader.
    ///
    /// - Parameter limits: What to refuse as too large.
    package init(limits: ArchiveLimits = ArchiveLimits()) {
        self.limits = limits
    }

    /// Takes the next piece of the archive.
    ///
    /// - Parameter bytes: Any number of bytes; call ``next()`` until it returns nil before giving more.
    package mutating func append(_ bytes: [UInt8]) { input.append(bytes) }

    /// The next event, or nil when more bytes are needed.
    ///
    /// - Returns: An event; after ``Event/end`` always nil.
    /// - Throws: ``TarError`` when the bytes are no archive that is accepted here.
    package mutating func next() throws(TarError) -> Event? {
        do throws(TarError) {
            while true {
                let (event, goOn) = try step()
                if let event { return event }
                if !goOn { return nil }
            }
        } catch {
            state = .failed(error)
            input = PendingInput()
            throw error
        }
    }

    /// Says that no more bytes come.
    ///
    /// - Throws: ``TarError/truncated`` unless the end marker was read.
    package func finish() throws(TarError) {
        switch state {
        case .ended: return
        case .failed(let error): throw error
        default: throw .truncated
        }
    }

    /// One step of the machine: an event, or whether it can go on without more bytes.
    private mutating func step() throws(TarError) -> (event: Event?, goOn: Bool) {
        switch state {
        case .failed(let error):
            throw error
        case .header:
            guard input.count >= TarLayout.blockSize else { return (nil, false) }
            return (try readHeader(input.take(TarLayout.blockSize)), true)
        case .extended(let type, let size, let padding):
            guard input.count >= size + padding else { return (nil, false) }
            try pending.add(type: type, content: Array(input.take(size)))
            input.skip(padding)
            state = .header
            return (nil, true)
        case .content(let remaining, let padding):
            if remaining == 0 {
                state = .padding(padding)
                return (nil, true)
            }
            guard input.count > 0 else { return (nil, false) }
            let piece = input.take(Int(min(remaining, Int64(input.count))))
            state = .content(remaining: remaining - Int64(piece.count), padding: padding)
            return (.data(Array(piece)), true)
        case .padding(let count):
            guard input.count >= count else { return (nil, false) }
            input.skip(count)
            state = .header
            return (.endOfEntry, true)
        case .secondZeroBlock:
            guard input.count >= TarLayout.blockSize else { return (nil, false) }
            guard input.take(TarLayout.blockSize).allSatisfy({ $0 == 0 }) else { throw .trailingData }
            state = .ended(trailing: 0)
            return (.end, true)
        case .ended(let trailing):
            let rest = input.take(input.count)
            guard rest.count <= limits.maximumTrailingBytes - trailing, rest.allSatisfy({ $0 == 0 }) else {
                throw .trailingData
            }
            state = .ended(trailing: trailing + rest.count)
            return (nil, false)
        }
    }

    private mutating func readHeader(_ block: ArraySlice<UInt8>) throws(TarError) -> Event? {
        if block.allSatisfy({ $0 == 0 }) {
            guard pending.isEmpty else { throw .badExtendedHeader("nothing follows it") }
            state = .secondZeroBlock
            return nil
        }
        guard entries < limits.maximumEntries else { throw .tooManyEntries(limit: limits.maximumEntries) }
        entries += 1
        let header = try TarHeader(block)
        if PendingNames.types.contains(header.type) {
            guard header.size <= Int64(limits.maximumExtendedHeaderBytes) else {
                throw .extendedHeaderTooLarge(header.size, limit: limits.maximumExtendedHeaderBytes)
            }
            // They count as content, or a few megabytes of gzip could hold gigabytes of them.
            try count(header.size)
            let padding = TarWriter.paddingLength(after: header.size)
            state = .extended(type: header.type, size: Int(header.size), padding: padding)
            return nil
        }
        let names = pending
        pending = PendingNames()
        let entry = try TarEntry(header, names: names, limits: limits)
        try count(entry.size)
        state = .content(remaining: entry.size, padding: TarWriter.paddingLength(after: entry.size))
        return .entry(entry)
    }

    private mutating func count(_ size: Int64) throws(TarError) {
        guard size <= limits.maximumTotalBytes - totalBytes else {
            throw .tooManyBytes(limit: limits.maximumTotalBytes)
        }
        totalBytes += size
    }
}
