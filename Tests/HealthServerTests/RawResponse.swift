/// An HTTP response as it came.
struct RawResponse: Sendable {
    let code: Int
    /// By name in lower case.
    let fields: [String: String]
    var body = ""

    init(head: String) {
        let lines = head.split(separator: "\r\n")
        code = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        fields = Dictionary(
            lines.dropFirst().map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return (parts[0].lowercased(), String(parts.last?.drop { $0 == " " } ?? ""))
            }, uniquingKeysWith: { "\($0), \($1)" })
    }
}
