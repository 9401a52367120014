/// What a server says of an object that it has just stored.
struct PutAnswer: Sendable {
    let etag: String
    /// Few servers say it here.
    let modified: UnixTime?
    /// The server's clock when it answered.
    let date: UnixTime?

    /// Reads the headers.
    ///
    /// - Parameters:
    ///   - etag: Checked already.
    ///   - response: The answer.
    init(etag: String, response: S3Response) {
        self.etag = etag
        modified = response.modified
        date = response.header("date").flatMap { UnixTime(httpDate: $0) }
    }
}
