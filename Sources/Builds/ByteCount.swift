/// Numbers of bytes as people read them.
enum ByteCount {
    private static let units: [(name: String, bytes: Int64)] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]

    /// In the largest unit that fits without a rest, such as `16 GiB`, else in bytes: a limit is told exactly.
    static func words(_ bytes: Int64) -> String {
        guard bytes > 0, let unit = units.first(where: { bytes.isMultiple(of: $0.bytes) }) else {
            return "\(bytes) bytes"
        }
        return "\(bytes / unit.bytes) \(unit.name)"
    }
}
