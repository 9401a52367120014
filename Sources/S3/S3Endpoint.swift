/// The address of a bucket.
package struct S3Endpoint: Sendable, Equatable {
    /// Whether TLS is used.
    let isSecure: Bool
    /// What the `Host` header says: host, and port if it is not the usual one.
    let authority: String
    /// What the path of the bucket is: empty, or "/" and the bucket's name.
    let root: String

    /// The address without the bucket, for messages.
    package let description: String

    /// Finds the address of a bucket.
    ///
    /// - Parameters:
    ///   - text: As in `http://127.0.0.1:9000`; nil for AWS.
    ///   - region: For AWS.
    ///   - bucket: The bucket's name.
    ///   - pathStyle: Whether the bucket is in the path; nil: at AWS it is in the host's name, elsewhere in the path,
    ///     where no wildcard entry in the DNS is needed.
    /// - Throws: ``S3ConfigurationError``.
    init(_ text: String?, region: String, bucket: String, pathStyle: Bool?) throws(S3ConfigurationError) {
        // "aws-cn" is a partition with a domain of its own.
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        let address = text ?? "https://s3.\(region).\(domain)"
        guard let scheme = ["https://", "http://"].first(where: { address.lowercased().hasPrefix($0) }) else {
            throw .endpoint(address)
        }
        isSecure = scheme == "https://"
        var rest = address.dropFirst(scheme.count)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        let host = try Self.checkedHost(rest, address, isSecure: isSecure)
        description = scheme + host
        // A certificate for *.s3.amazonaws.com does not cover a bucket with a dot in its name; capitals are no host.
        let isHostName = !bucket.contains(".") && !bucket.contains("_") && bucket.lowercased() == bucket
        if pathStyle ?? (text != nil || !isHostName) {
            authority = host
            root = "/" + PercentEncoding.encode(bucket)
        } else {
            authority = bucket + "." + host
            root = ""
        }
    }

    /// Host and port; the port is left out when it is the usual one, as clients do it in the `Host` header.
    private static func checkedHost(
        _ rest: Substring, _ address: String, isSecure: Bool
    ) throws(S3ConfigurationError) -> String {
        var host = rest
        var port = ""
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("]") {
            host = rest[..<colon]
            guard let number = Int(rest[rest.index(after: colon)...]), (1...65_535).contains(number) else {
                throw .endpoint(address)
            }
            if number != (isSecure ? 443 : 80) { port = ":\(number)" }
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        let inner = isBracketed ? host.dropFirst().dropLast() : host
        let isFit = inner.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                true
            default: isBracketed && byte == UInt8(ascii: ":")
            }
        }
        guard !inner.isEmpty, isFit else { throw .endpoint(address) }
        return host.lowercased() + port
    }

    /// The encoded path of an object, or of the bucket when nil.
    func path(_ name: String?) -> String {
        guard let name else { return root.isEmpty ? "/" : root }
        return root + "/" + PercentEncoding.encode(name, keepingSlash: true)
    }

    /// The whole address of a path and a query, both encoded.
    func url(path: String, query: String) -> String {
        (isSecure ? "https://" : "http://") + authority + path + (query.isEmpty ? "" : "?" + query)
    }
}
