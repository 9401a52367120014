package import Logging
import ObjectStorage

/// Keeps objects in a bucket of Amazon S3, or of a server that speaks its protocol.
///
/// Small objects are put in one request, larger ones in parts that are in memory two or three at a time, within a limit
/// for all puts together. What differs from server to server:
///
/// - AWS: everything works as described.
/// - SeaweedFS (4.48): lists a directory's keys together, so "a/b" before "a+b"; seen by its `Server` header, and put
///   in order here. It does not check a request's signed hash, but does check `x-amz-checksum-sha256`. A bucket that
///   does not exist is created by a put with administrators' keys.
/// - MinIO: with `--no-compat` its etags end in "-1", and so are not taken for MD5s.
/// - Servers whose etags look like MD5s and are none: ``S3Configuration/etagIsMD5``.
/// - Ceph RGW: `If-None-Match` and `If-Match` on puts in new versions; older ones ignore them, so there is no one
///   winner.
/// - R2: region `auto`; parts of one upload must have one size, which they have; checksums that it calls `NotImplemented` are
///   left out from then on.
/// - GCS's XML API with HMAC keys: no `If-Match`, and for `If-None-Match` its own `x-goog-if-generation-match`;
///   conditional puts are not safe there.
/// - moto (5.2, for tests): ignores conditions on CompleteMultipartUpload, checks no signatures and no checksums.
package final class S3ObjectStore: ObjectStore {
    let client: S3Client
    let cleaning = CleanUps()

    /// Opens a store; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - configuration: Which bucket, where.
    ///   - credentials: Who signs.
    ///   - connections: Of the same configuration; the store shuts them down.
    ///   - logger: Told of retries and of what could not be cleaned up.
    package init(
        configuration: S3Configuration, credentials: any CredentialsProvider, connections: S3Connections,
        logger: Logger
    ) {
        client = S3Client(
            configuration: configuration, credentials: credentials, connections: connections, logger: logger)
    }

    /// Ends the store: waits for the cleaning up of failed uploads, within its limit, and closes all connections.
    package func shutdown() async {
        await cleaning.finish()
        do {
            try await client.connections.shutdown()
        } catch {
            client.logger.debug("the HTTP clients were shut down before", metadata: ["error": "\(error)"])
        }
    }

    var configuration: S3Configuration { client.configuration }

    /// Sends a call and puts its failure into words.
    func send<Success: Sendable>(
        _ request: S3Request, for operation: ObjectStoreError.Operation, _ text: String?,
        _ finish: @escaping @Sendable (S3Response) async throws -> Success
    ) async throws -> Success {
        do {
            return try await client.send(request, finish)
        } catch let failure as S3Failure {
            throw ObjectStoreError(failure, request.operation, operation, text, configuration)
        }
    }
}
