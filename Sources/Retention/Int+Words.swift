extension Int {
    /// The number with a noun: `1 object`, `3 objects`.
    func counted(_ noun: String) -> String { self == 1 ? "1 \(noun)" : "\(self) \(noun)s" }
}

extension Int64 {
    /// The number of bytes for people: `812 B`, `3.4 KiB`, `1.2 GiB`.
    var bytesInWords: String {
        let units = ["KiB", "MiB", "GiB", "TiB"]
        guard self >= 1024 else { return "\(self) B" }
        var tenths = self / 1024 * 10 + self % 1024 * 10 / 1024
        var unit = 0
        while tenths >= 10_240, unit < units.count - 1 {
            tenths /= 1024
            unit += 1
        }
        return tenths >= 1000 ? "\(tenths / 10) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
