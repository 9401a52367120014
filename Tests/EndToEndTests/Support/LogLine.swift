import FoundationEssentials

/// One line of the server's JSON log.
struct LogLine: Sendable, CustomStringConvertible {
    let fields: [String: String]

    init?(_ line: Substring) {
        guard let fields = try? JSONDecoder().decode([String: String].self, from: Data(line.utf8)) else { return nil }
        self.fields = fields
    }

    var message: String { fields["message"] ?? "" }
    var level: String { fields["level"] ?? "" }
    var description: String { "\(fields)" }

    subscript(field: String) -> String? { fields[field] }
}
