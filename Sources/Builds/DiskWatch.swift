import NIOPosix
import SystemCalls

/// Tells when a build uses more disk than it may.
///
/// Asking the file system costs nothing, counting a tree does: it is counted only once the whole file system lost as
/// much as the build may use. What a build holds in files that it deleted is not seen.
struct DiskWatch: Sendable {
    /// The shortest time between two looks: at 1 GB/s a build exceeds its limit by 2 GB.
    static let interval = Duration.seconds(2)
    /// Counting takes at most one part in so many of the time.
    private static let rest = 10

    let limit: Int64
    let interval: Duration
    private let start: Int64
    private let free: @Sendable () async throws -> Int64
    private let used: @Sendable () async -> Int64?

    /// Starts to watch a directory that is still empty.
    ///
    /// - Throws: ``BuildDirectoryError``.
    init(_ directory: BuildDirectory, limit: Int64, pool: NIOThreadPool) async throws {
        try await self.init(
            limit: limit, interval: Self.interval,
            free: { try await pool.runIfActive { try FileSystemSpace(at: directory.root).free } },
            used: { await DiskUsage.bytes(below: directory.root) })
    }

    /// Starts to watch whatever the functions measure.
    ///
    /// - Parameters:
    ///   - limit: In bytes.
    ///   - interval: See ``interval``.
    ///   - free: Bytes that the file system has left.
    ///   - used: Bytes that the build occupies; nil when they cannot be counted.
    /// - Throws: What `free` throws.
    init(
        limit: Int64, interval: Duration, free: @escaping @Sendable () async throws -> Int64,
        used: @escaping @Sendable () async -> Int64?
    ) async throws {
        self.limit = limit
        self.interval = interval
        self.free = free
        self.used = used
        start = try await free()
    }

    /// Returns when the build uses more than it may.
    ///
    /// - Throws: `CancellationError` when the calling task is cancelled first.
    func waitUntilExceeded() async throws {
        // The most that was ever free: what others give back must not hide what the build takes.
        var most = start
        var pause = interval
        while true {
            try await Task.sleep(for: pause)
            pause = interval
            // A directory that cannot be asked about now is asked about again: that is no reason to end a build.
            guard let left = try? await free() else { continue }
            most = max(most, left)
            guard most - left >= limit else { continue }
            let began = ContinuousClock.now
            if let used = await used(), used > limit { return }
            pause = max(interval, (ContinuousClock.now - began) * Self.rest)
        }
    }
}
