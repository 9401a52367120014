/// An amount as Kubernetes writes it: `500m`, `2`, `64Gi`, `1e3` (API reference, "Quantity").
struct Quantity: Sendable, Equatable {
    private static let factors: [String: Double] = [
        "n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
        "Ki": 1024, "Mi": 1_048_576, "Gi": 1_073_741_824, "Ti": 1_099_511_627_776, "Pi": 1_125_899_906_842_624,
        "Ei": 1_152_921_504_606_846_976,
    ]

    let value: Double

    init(value: Double) { self.value = value }

    /// Reads an amount; nil for what is none.
    init?(_ text: String) {
        guard text.utf8.count <= 64 else { return nil }
        if let number = Double(text), text.utf8.allSatisfy({ "+-.0123456789eE".utf8.contains($0) }) {
            guard number.isFinite, abs(number) < 1e24 else { return nil }
            value = number
            return
        }
        let digits = text.prefix { $0.isNumber || "+-.".contains($0) }
        guard let number = Double(digits), let factor = Self.factors[String(text.dropFirst(digits.count))] else {
            return nil
        }
        guard abs(number) < 1e24 else { return nil }
        value = number * factor
    }

    /// As a number of CPUs: `4 CPUs`, `0.5 CPUs`.
    var cpus: String {
        // Whoever asks for more is not answered exactly.
        let thousandths = (min(max(value, 0), 1e12) * 1000).rounded()
        let text =
            thousandths.remainder(dividingBy: 1000) == 0 ? "\(Int64(thousandths / 1000))" : "\(thousandths / 1000)"
        return text == "1" ? "1 CPU" : "\(text) CPUs"
    }

    /// As bytes, in the largest binary unit of which it has at least one: `512 MiB`.
    var bytes: String {
        for (name, unit) in [("TiB", 1_099_511_627_776.0), ("GiB", 1_073_741_824), ("MiB", 1_048_576), ("KiB", 1024)]
        where value >= unit && value < 1e18 {
            let tenths = (value / unit * 10).rounded()
            let text =
                tenths.remainder(dividingBy: 10) == 0 ? "\(Int64(tenths / 10))" : "\(tenths / 10)"
            return "\(text) \(name)"
        }
        return "\(Int64(min(max(value, 0), 1e18))) bytes"
    }
}
