/// The address of an API server.
enum ServerURL {
    /// Checks a URL and brings it into the form that paths are appended to.
    ///
    /// - Parameter text: As a kubeconfig has it; a path is kept, for servers behind one.
    /// - Returns: Without a "/" at the end.
    /// - Throws: ``KubernetesConfigurationError``, which does not repeat the URL: it may hold a password.
    static func normalized(_ text: String) throws(KubernetesConfigurationError) -> String {
        let what = "the server's address"
        let lower = text.lowercased()
        guard lower.hasPrefix("https://") || lower.hasPrefix("http://") else {
            throw .unusable(what: what, reason: "it has to begin with https://")
        }
        let rest = text[text.index(text.startIndex, offsetBy: lower.hasPrefix("https://") ? 8 : 7)...]
        guard !rest.contains("@"), !rest.contains("?"), !rest.contains("#") else {
            throw .unusable(what: what, reason: "it holds a user, a query or a fragment, which kubectl ignores too")
        }
        guard let host = rest.split(separator: "/", omittingEmptySubsequences: false).first, !host.isEmpty,
            rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { throw .unusable(what: what, reason: "it has no host, or characters that no URL has") }
        var result = text
        while result.hasSuffix("/") { result.removeLast() }
        return result
    }

    /// Splits a URL for a server whose certificate has another name.
    ///
    /// - Parameters:
    ///   - server: A normalized URL.
    ///   - name: Of the certificate.
    /// - Returns: The host alone, and the URL with `name` in its place.
    static func replacingHost(of server: String, by name: String) -> (host: String, url: String)? {
        guard let start = server.firstRange(of: "://")?.upperBound else { return nil }
        let end = server[start...].firstIndex(of: "/") ?? server.endIndex
        let authority = server[start..<end]
        let hostEnd: String.Index
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { return nil }
            hostEnd = authority.index(after: close)
        } else {
            hostEnd = authority.lastIndex(of: ":") ?? authority.endIndex
        }
        let host = authority[..<hostEnd].filter { $0 != "[" && $0 != "]" }
        return (String(host), server[..<start] + name + server[hostEnd...])
    }
}
