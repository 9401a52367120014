import Builds
import Crypto
import Glibc
import Kubernetes
package import NIOPosix
import ObjectStorage
import Synchronization
import SystemCalls

/// Stores what a build left, from its pod: what `slipway store-artifact` does.
///
/// The archive is made into a file first: a presigned PUT needs to know its length, and a try that fails can be repeated.
package struct ArtifactUpload: Sendable {
    private let url: String
    private let maximumSize: Int64?
    private let authorities: String?
    private let workspace: String
    private let limits: TransferLimits
    private let pool: NIOThreadPool

    /// Reads what it is to do from a process' environment.
    ///
    /// - Parameters:
    ///   - environment: `SLIPWAY_ARTIFACT_URL`, `SLIPWAY_MAX_ARTIFACT_SIZE` in bytes, perhaps `SLIPWAY_CA_PEM`.
    ///   - workspace: The directory with `output`, which also takes the archive.
    ///   - limits: How long it may take.
    ///   - pool: Where files block.
    package init(
        environment: [String: String], workspace: String = "/workspace", limits: TransferLimits = TransferLimits(),
        pool: NIOThreadPool = .singleton
    ) {
        url = environment["SLIPWAY_ARTIFACT_URL"] ?? ""
        maximumSize = environment["SLIPWAY_MAX_ARTIFACT_SIZE"].flatMap(Int64.init)
        authorities = environment["SLIPWAY_CA_PEM"]
        self.workspace = workspace
        self.limits = limits
        self.pool = pool
    }

    /// Does it.
    ///
    /// - Parameter terminationLog: Where the node takes a message from: what was stored, or why it failed.
    /// - Returns: What the process is to end with.
    package func run(terminationLog: String = "/dev/termination-log") async -> Int32 {
        await PodSide.run(terminationLog: terminationLog, pool: pool) {
            guard let artifact = try await store() else { return #"{"artifact":null}"# }
            return #"{"artifact":{"size":\#(artifact.size),"sha256":"\#(artifact.sha256)"}}"#
        }
    }

    /// - Returns: nil when the build left nothing.
    /// - Throws: ``PodSideError``.
    func store() async throws -> TerminationMessage.Artifact? {
        guard !url.isEmpty, let maximumSize, maximumSize > 0 else {
            throw PodSideError(
                "SLIPWAY_ARTIFACT_URL and SLIPWAY_MAX_ARTIFACT_SIZE are not set: this runs in a build's pod only")
        }
        let output = OutputDirectory(path: workspace + "/output", maximumSize: maximumSize, pool: pool)
        let path = workspace + "/artifact.tar.gz"
        do {
            guard try await output.hasEntries() else { return nil }
            let spool = try await pool.runIfActive { try ArtifactSpool(path: path, pool: pool) }
            try await output.write(to: spool)
            let content = spool.finish()
            // An archive of what cannot be made smaller is larger than its content; one PUT has an end, see the setting.
            guard content.size <= maximumSize else {
                throw BuildArtifactError(
                    reason: "the archive of it has \(content.size) bytes, and at most \(maximumSize) are taken")
            }
            let client = try TransferClient(authorities: authorities, limits: limits)
            let result: Result<Void, any Error>
            do {
                let file = SpooledFile(path: path, size: content.size, contentMD5: content.contentMD5, pool: pool)
                result = .success(try await client.put(url, file))
            } catch {
                result = .failure(error)
            }
            await client.shutdown()
            try result.get()
            return TerminationMessage.Artifact(size: content.size, sha256: content.sha256)
        } catch let error as BuildArtifactError {
            throw PodSideError(error.reason, blamesContent: true)
        } catch let error as SystemCallError where error.isNoSpace {
            throw PodSideError(
                "the pod's volume has no room for the archive of what the build left", blamesContent: true)
        } catch let error as SystemCallError {
            throw PodSideError("\(path): \(error)")
        }
    }
}
