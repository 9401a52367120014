/// One request to the API server.
struct KubernetesRequest: Sendable {
    enum Method: String { case get = "GET", post = "POST", delete = "DELETE" }

    let method: Method
    /// Escaped already.
    let path: String
    var query: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// What it is for, as in `get pods slipway-builds/x`.
    let operation: String
    /// Bytes of a good answer at most.
    var maximumAnswer: Int

    /// The path with the query.
    var target: String {
        guard !query.isEmpty else { return path }
        return path + "?"
            + query.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }.joined(separator: "&")
    }
}
