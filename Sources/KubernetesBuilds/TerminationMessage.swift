import Kubernetes

/// What containers leave for the server when they end: data from inside a build, so nothing is taken on trust.
enum TerminationMessage {
    /// What a node takes at most (Kubernetes documentation, "Determine the Reason for Pod Failure").
    private static let maximumSize = 4096

    /// The artifact that was stored.
    struct Artifact: Codable, Equatable {
        let size: Int64
        let sha256: String
    }

    /// What `store-artifact` says.
    struct Stored: Codable, Equatable {
        /// nil when the build left nothing.
        let artifact: Artifact?
    }

    /// Reads the message of `store-artifact`; nil when it is none.
    static func stored(_ text: String) -> Stored? {
        guard let value = try? JSON.decode(Stored.self, from: Array(text.utf8), maximumSize: maximumSize) else {
            return nil
        }
        if let artifact = value.artifact, artifact.size < 0 || !isSHA256(artifact.sha256) { return nil }
        return value
    }

    /// The digest of an image, from BuildKit's metadata, the lifecycle's report, or what a template's own command wrote.
    ///
    /// - Returns: `sha256:` and 64 digits; nil when there is none.
    static func digest(_ text: String) -> String? {
        if let value = try? JSON.parse(Array(text.utf8), maximumSize: maximumSize) {
            return [value["containerimage.digest"]?.string, value["digest"]?.string].compactMap { $0 }.first(
                where: isDigest)
        }
        return reportedDigest(text)
    }

    /// The image's name, from what a template's own command wrote.
    static func image(_ text: String) -> String? {
        guard let value = try? JSON.parse(Array(text.utf8), maximumSize: maximumSize),
            let name = value["image"]?.string, ImageReference.isValid(name)
        else { return nil }
        return name
    }

    /// `digest = "sha256:…"` in the table `[image]` of the lifecycle's report.
    private static func reportedDigest(_ text: String) -> String? {
        var table = ""
        for line in text.utf8.prefix(maximumSize).split(separator: UInt8(ascii: "\n")) {
            let line = String(decoding: line, as: UTF8.self).filter { $0 != " " && $0 != "\t" && $0 != "\r" }
            if line.hasPrefix("[") { table = line }
            guard table == "[image]", line.hasPrefix("digest=\""), line.hasSuffix("\"") else { continue }
            let digest = String(line.dropFirst("digest=\"".count).dropLast())
            if isDigest(digest) { return digest }
        }
        return nil
    }

    private static func isDigest(_ text: String) -> Bool {
        text.hasPrefix("sha256:") && isSHA256(text.dropFirst("sha256:".count))
    }

    private static func isSHA256(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}
