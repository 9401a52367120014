import PrometheusExposition

/// An exposition taken apart, as a scraper would.
struct Exposition {
    let text: String
    /// By name and labels, as they stand in the text.
    let samples: [String: Double]

    init(_ registry: PrometheusRegistry) {
        text = String(decoding: registry.exposition(), as: UTF8.self)
        var samples: [String: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " ") else { continue }
            samples[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
        self.samples = samples
    }

    subscript(series: String) -> Double? { samples[series] }

    /// The lines of one metric.
    func lines(of name: String) -> [Substring] {
        text.split(separator: "\n").filter {
            $0.hasPrefix("# HELP \(name) ") || $0.hasPrefix("# TYPE \(name) ") || Self.isSample($0, of: name)
        }
    }

    private static func isSample(_ line: Substring, of name: String) -> Bool {
        ["", "_bucket", "_sum", "_count"].contains {
            line.hasPrefix("\(name)\($0) ") || line.hasPrefix("\(name)\($0){")
        }
    }
}
