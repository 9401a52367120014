/// Credentials in files of one value each.
struct MountedFilesSource: CredentialsSource {
    private static let maximumTries = 5

    private let files: CredentialsFiles

    var name: String { "the files \(files.accessKey) and \(files.secretKey)" }

    /// Makes a source.
    init(_ files: CredentialsFiles) { self.files = files }

    func load() async throws -> S3Credentials? {
        var last = try await read()
        // Kubernetes swaps all files of a mount at once; what is read over such a swap does not belong together.
        for _ in 0..<Self.maximumTries {
            let again = try await read()
            if again == last { return again }
            last = again
        }
        throw CredentialsError.source(name, reason: "they change all the time")
    }

    private func read() async throws -> S3Credentials {
        var token: String?
        // It may come with a rotation, and go with one.
        if let path = files.sessionToken, let text = try await SmallFile.read(path, for: name), !text.isEmpty {
            token = text
        }
        return S3Credentials(
            accessKey: try await value(files.accessKey), secretKey: try await value(files.secretKey),
            sessionToken: token)
    }

    private func value(_ path: String) async throws -> String {
        let text = try await SmallFile.read(path, for: name)
        guard let text, !text.isEmpty else {
            throw CredentialsError.source(name, reason: "\(path) is missing or empty")
        }
        return text
    }
}
