import GitProtocol
import GitRepository
import Identifiers
import Synchronization

extension Repository {
    /// Runs a body in a fresh quarantine.
    func inQuarantine<R: Sendable>(_ body: @Sendable (Quarantine) async throws -> R) async throws -> R {
        try await withQuarantine(push: PushID.generate().rawValue, body)
    }

    /// Takes a pack in and promotes it, as a push does.
    @discardableResult
    func push(_ pack: [UInt8], _ updates: [RefCommand], atomic: Bool = false) async throws -> [RefName: RefResult] {
        try await inQuarantine { quarantine in
            if !pack.isEmpty { _ = try await quarantine.ingest(pack: pack) }
            try await quarantine.checkConnectivity(updates.map(\.new))
            return try await quarantine.promote(updates, atomic: atomic)
        }
    }
}

extension Quarantine {
    /// Takes a whole pack in, cut into pieces.
    func ingest(
        pack: [UInt8], piece: Int = 32 << 10, limits: PackLimits = PackLimits(),
        progress: @escaping @Sendable ([UInt8]) async -> Void = { _ in }
    ) async throws -> PackSummary {
        try await ingest(limits: limits, next: pieces(of: pack, piece), progress: progress)
    }
}

/// A source that yields bytes in pieces, then ends.
func pieces(of bytes: [UInt8], _ size: Int) -> @Sendable () async throws -> [UInt8]? {
    let offset = Mutex(0)
    return {
        let start = offset.withLock { offset in
            defer { offset += size }
            return offset
        }
        return start < bytes.count ? Array(bytes[start..<min(start + size, bytes.count)]) : nil
    }
}

/// A source that yields bytes, then neither more nor an end, like a client that keeps its connection open.
func endless(_ bytes: [UInt8]) -> @Sendable () async throws -> [UInt8]? {
    let first = Mutex<[UInt8]?>(bytes)
    return {
        if let bytes = first.withLock({ $0.take() }) { return bytes }
        while true { try await Task.sleep(for: .seconds(3600)) }
    }
}

extension RefCommand {
    init(_ ref: String, from old: ObjectID = .zero, to new: ObjectID) throws {
        self.init(old: old, new: new, ref: try RefName(ref))
    }
}

extension [RefName: RefResult] {
    /// The result of one ref in short: "ok" or the reason.
    func of(_ ref: String) -> String {
        switch first(where: { $0.key.rawValue == ref })?.value {
        case .ok: "ok"
        case .rejected(let reason): reason
        case nil: "no result"
        }
    }
}
