import HTTPTypes

/// A whole HTTP answer, ready to be sent.
struct Answer: Sendable, Equatable {
    let status: HTTPResponse.Status
    /// Complete but for `Date` and `Connection`, which whoever sends it knows.
    let fields: HTTPFields
    let body: [UInt8]

    /// Makes an answer that no cache keeps and no browser guesses about.
    ///
    /// - Parameters:
    ///   - status: The status code.
    ///   - contentType: What the body is.
    ///   - body: All of it; a HEAD request gets its length only.
    ///   - extra: Further fields.
    init(_ status: HTTPResponse.Status, contentType: String, body: [UInt8], extra: HTTPFields = [:]) {
        self.status = status
        self.body = body
        var fields: HTTPFields = [
            .contentType: contentType,
            .contentLength: "\(body.count)",
            .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
        ]
        fields.append(contentsOf: extra)
        self.fields = fields
    }

    /// Makes an answer in plain text.
    ///
    /// - Parameters:
    ///   - status: The status code.
    ///   - text: The body.
    ///   - extra: Further fields.
    init(_ status: HTTPResponse.Status, text: String, extra: HTTPFields = [:]) {
        self.init(status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8), extra: extra)
    }
}
