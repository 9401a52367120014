/// The text that is no value of its kind.
struct RejectedValue: Error {
    let found: String
    /// What to do about it, when that can be guessed.
    var hint: String?
}
