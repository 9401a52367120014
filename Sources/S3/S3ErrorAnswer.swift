import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// What S3 says when it does not do what it was asked to.
struct S3ErrorAnswer: Sendable, Equatable {
    /// Bytes of an answer that are read; S3's have a few hundred.
    static let maximumSize = 64 << 10
    /// Characters of S3's words that are kept.
    private static let maximumText = 300

    let status: Int
    /// As in `NoSuchKey`; empty when the answer had no body, as one to HEAD.
    var code = ""
    var message = ""
    var requestID: String?
    /// Where the bucket is.
    var region: String?
    /// The server's clock.
    var date: UnixTime?
    /// Seconds that the server asks to wait.
    var retryAfter: Int64?

    /// Reads an answer; one that cannot be read has no code.
    ///
    /// - Parameters:
    ///   - status: The HTTP status.
    ///   - headers: Its headers.
    ///   - body: At most ``maximumSize`` bytes.
    init(status: Int, headers: HTTPHeaders, body: [UInt8]) {
        self.status = status
        date = headers.first(name: "date").flatMap { UnixTime(httpDate: $0) }
        retryAfter = headers.first(name: "retry-after").flatMap { Int64($0) }.map { Swift.max(0, $0) }
        region = headers.first(name: "x-amz-bucket-region").map(Self.printable)
        requestID = headers.first(name: "x-amz-request-id").map(Self.printable)
        if let document = try? XMLReader.read(body) { read(document) }
    }

    /// Reads an error that came with a status of success, as CompleteMultipartUpload may do.
    ///
    /// - Parameters:
    ///   - status: The HTTP status.
    ///   - document: Its root is `Error`.
    init(status: Int, document: XMLElement) {
        self.status = status
        read(document)
    }

    private mutating func read(_ document: XMLElement) {
        // STS has its `Error` one level further in.
        let error = document.first("Error") ?? document
        code = Self.printable(error.text(of: "Code") ?? "")
        message = Self.printable(error.text(of: "Message") ?? "")
        requestID = requestID ?? error.text(of: "RequestId").map(Self.printable)
        region = region ?? error.text(of: "Region").map(Self.printable)
    }

    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(maximumText).map { (0x20..<0x7f).contains($0.value) ? $0 : "?" }))
    }
}
