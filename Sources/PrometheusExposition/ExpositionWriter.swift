/// Writes Prometheus' text format, version 0.0.4.
///
/// Source: "Exposition formats" in Prometheus' documentation.
struct ExpositionWriter: Sendable {
    private(set) var bytes: [UInt8] = []

    /// Writes a family, unless it has no series.
    mutating func write(_ family: MetricFamily) {
        guard !family.series.isEmpty else { return }
        let description = family.description
        append("# HELP \(description.name) \(Self.escaped(description.help))\n")
        append("# TYPE \(description.name) \(description.kind.typeName)\n")
        for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
            series.write(description.name, labels, to: &self)
        }
    }

    /// Writes a line.
    ///
    /// - Parameters:
    ///   - name: With its suffix.
    ///   - labels: Of the series.
    ///   - bound: The upper bound of a bucket.
    ///   - value: As text.
    mutating func sample(_ name: String, _ labels: LabelSet, le bound: Double? = nil, _ value: String) {
        var text = labels.text
        if let bound {
            if !text.isEmpty { text += "," }
            text += "le=\"\(NumberText.text(bound))\""
        }
        append(text.isEmpty ? "\(name) \(value)\n" : "\(name){\(text)} \(value)\n")
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private static func escaped(_ help: String) -> String {
        var text = ""
        for scalar in help.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
