/// The disk for builds is too full to start one.
struct DiskShortage: Error, Equatable {
    /// What is short, in words.
    let shortage: String
    /// Bytes that must be free.
    let minimum: Int64
}
