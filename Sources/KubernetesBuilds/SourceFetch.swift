import Archive
import Builds
import Crypto
import Glibc
package import NIOPosix
import Synchronization
import SystemCalls

/// Gets a build's source in its pod, checks it, and unpacks it: what `slipway fetch-source` does.
package struct SourceFetch: Sendable {
    /// Made beside the source: what the build needs as well.
    private static let siblings = ["output", "home", "tmp"]

    private let url: String
    private let digest: String
    private let authorities: String?
    private let workspace: String
    private let archiveLimits: ArchiveLimits
    private let limits: TransferLimits
    private let pool: NIOThreadPool

    /// Reads what it is to do from a process' environment.
    ///
    /// - Parameters:
    ///   - environment: `SLIPWAY_SOURCE_URL`, `SLIPWAY_SOURCE_SHA256`, perhaps `SLIPWAY_CA_PEM`.
    ///   - workspace: The directory for `source`, `output`, `home` and `tmp`.
    ///   - limits: How long it may take.
    ///   - pool: Where files block.
    package init(
        environment: [String: String], workspace: String = "/workspace", limits: TransferLimits = TransferLimits(),
        pool: NIOThreadPool = .singleton
    ) {
        url = environment["SLIPWAY_SOURCE_URL"] ?? ""
        digest = environment["SLIPWAY_SOURCE_SHA256"] ?? ""
        authorities = environment["SLIPWAY_CA_PEM"]
        self.workspace = workspace
        archiveLimits = ArchiveLimits()
        self.limits = limits
        self.pool = pool
    }

    /// Does it.
    ///
    /// - Parameter terminationLog: Where the node takes a message from: one line, when it fails.
    /// - Returns: What the process is to end with.
    package func run(terminationLog: String = "/dev/termination-log") async -> Int32 {
        await PodSide.run(terminationLog: terminationLog, pool: pool) {
            try await fetch()
            return nil
        }
    }

    /// - Throws: ``PodSideError``.
    func fetch() async throws {
        guard !url.isEmpty, !digest.isEmpty else {
            throw PodSideError(
                "SLIPWAY_SOURCE_URL and SLIPWAY_SOURCE_SHA256 are not set: this runs in a build's pod only")
        }
        let client = try TransferClient(authorities: authorities, limits: limits)
        let unpacking = SourceUnpacking(directory: workspace + "/source", limits: archiveLimits, pool: pool)
        let result: Result<Void, any Error>
        do {
            try await prepare()
            try await client.get(url) {
                try await unpacking.begin()
            } take: { bytes in
                try await unpacking.take(bytes)
            }
            try await unpacking.finish(expecting: digest)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        try result.get()
    }

    private func prepare() async throws {
        let workspace = workspace
        try await pool.runIfActive {
            for name in Self.siblings {
                let path = workspace + "/" + name
                guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else {
                    throw PodSideError("\(path) cannot be made: \(SystemCallError.last("mkdir"))")
                }
            }
        }
    }
}
