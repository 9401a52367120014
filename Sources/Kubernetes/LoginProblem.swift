/// Why there are no credentials; never holds any.
struct LoginProblem: Error {
    let reason: String
}
