/// A build's record, as `build.json` promises it to whoever reads it.
///
/// Written out here instead of taken from the program: a field that changes its name must make a test fail.
struct StoredRecord: Decodable, Sendable {
    struct Part: Decodable, Sendable {
        let key: String
        let size: Int
        let sha256: String?
    }

    struct Image: Decodable, Sendable {
        let reference: String
        let digest: String
    }

    let id: String
    let app: String
    let commit: String
    let ref: String
    let user: String
    let executor: String
    let recipe: String
    let outcome: String
    let exitCode: Int?
    let reason: String
    let startedAt: String
    let finishedAt: String
    let phases: [String: Double]
    let source: Part?
    let log: Part?
    let artifact: Part?
    let image: Image?
}
