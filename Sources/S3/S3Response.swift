import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// An answer that is no error, its body still to be read.
struct S3Response: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: HTTPClientResponse.Body
    /// Whether the request was sent with its checksums.
    let hadChecksums: Bool
    /// Whether an attempt before this one failed in a way that may have had its effect nevertheless.
    let followsDoubt: Bool

    /// A header's value.
    func header(_ name: String) -> String? { headers.first(name: name) }

    /// Reads the body as XML.
    ///
    /// - Returns: The root.
    /// - Throws: ``S3Failure`` when it is none; errors of the connection.
    func document() async throws -> XMLElement {
        let bytes = try await body.collect(upTo: XMLReader.maximumSize)
        do throws(XMLError) {
            return try XMLReader.read(Array(bytes.readableBytesView))
        } catch {
            throw S3Failure(.nonsense("\(error)"))
        }
    }

    /// Reads what is left, so that the connection can be used again.
    func drain() async throws { _ = try await body.collect(upTo: S3ErrorAnswer.maximumSize) }
}
