/// What a server says at `/metrics`, read without a library: the format is what is tested.
struct Metrics: Sendable {
    /// By the series as it stands there, labels and all.
    private let values: [String: Double]
    /// What is announced with `# TYPE`.
    let families: Set<String>

    init(_ text: String) {
        var values: [String: Double] = [:]
        var families: Set<String> = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                families.insert(String(line.split(separator: " ")[2]))
            } else if !line.hasPrefix("#"), let gap = line.lastIndex(of: " ") {
                values[String(line[..<gap])] = Double(line[line.index(after: gap)...])
            }
        }
        self.values = values
        self.families = families
    }

    /// The value of a series such as `slipway_pushes_total{outcome="accepted"}`.
    subscript(series: String) -> Double? { values[series] }

    /// Whether a family has any series.
    func hasSeries(_ family: String) -> Bool {
        values.keys.contains { series in
            let name = series.prefix { $0 != "{" }
            return name == family || name == "\(family)_count"
        }
    }
}
