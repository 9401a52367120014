/// A request in the one form that both sides of SigV4 agree on.
struct CanonicalRequest: Sendable {
    private let method: String
    private let path: String
    private let headers: [(name: String, value: String)]
    private let payloadHash: String
    /// Encoded and sorted, fit to be sent as it is.
    let canonicalQuery: String
    /// The names of the headers, with ";" between them.
    let signedHeaders: String

    /// Makes the canonical form.
    ///
    /// - Parameters:
    ///   - method: As in `GET`.
    ///   - path: Encoded; empty is the same as "/".
    ///   - query: Not encoded, in any order.
    ///   - headers: All that shall be signed, in any order; several of one name are joined in the order given.
    ///   - payloadHash: The SHA-256 of the body in hexadecimal, or what stands for it.
    init(
        method: String, path: String, query: [(name: String, value: String)],
        headers: [(name: String, value: String)], payloadHash: String
    ) {
        self.method = method
        self.path = path.isEmpty ? "/" : path
        self.payloadHash = payloadHash
        let encoded = query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
        canonicalQuery = encoded.sorted { $0 < $1 }.map { "\($0)=\($1)" }.joined(separator: "&")
        let trimmed = headers.map { (name: $0.name.lowercased(), value: Self.trim($0.value)) }
        let grouped = [String: [(name: String, value: String)]](grouping: trimmed) { $0.name }
        self.headers = grouped.keys.sorted().map { name in
            (name, grouped[name, default: []].map(\.value).joined(separator: ","))
        }
        signedHeaders = self.headers.map(\.name).joined(separator: ";")
    }

    /// What is hashed.
    var text: String {
        let lines = headers.map { "\($0.name):\($0.value)\n" }.joined()
        return "\(method)\n\(path)\n\(canonicalQuery)\n\(lines)\n\(signedHeaders)\n\(payloadHash)"
    }

    /// Without white space around it, and with one space where there are several.
    private static func trim(_ value: String) -> String {
        value.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            .map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
}
