/// An answer over HTTP, as `curl` shows it.
struct HTTPAnswer: Sendable, CustomStringConvertible {
    let status: Int
    /// The header's fields, with their names in small letters.
    let fields: [String: String]
    let body: String

    /// Reads what `curl --include` printed.
    init?(_ text: String) {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        self.status = status
        self.fields = fields
        body = String(text[end.upperBound...])
    }

    subscript(field: String) -> String? { fields[field] }

    var description: String { "\(status) \(fields) \(body.prefix(2000))" }
}

extension SlipwayServer {
    /// Asks the health server, with more options for `curl`.
    ///
    /// - Returns: The whole answer; a redirection is not followed.
    func ask(_ path: String, _ options: String...) async throws -> HTTPAnswer {
        let words = ["-s", "-i", "-m", "5"] + options + ["http://127.0.0.1:\(healthPort)\(path)"]
        let result = try await Command("/usr/bin/curl", words).run().succeeded()
        let text = String(decoding: result.output, as: UTF8.self)
        guard let answer = HTTPAnswer(text) else { throw Failed("no answer over HTTP: \(text)") }
        return answer
    }
}
