/// A registry with one account and without TLS, asked by `curl`.
struct ImageRegistry: Sendable {
    let address: String
    let user: String
    let password: String

    /// What the names of all images in it begin with.
    var place: String { "\(address)/team" }

    /// The manifest of an app's image, by its tag or digest.
    func manifest(of app: String, _ reference: String) async throws -> [UInt8] {
        try await ask("\(app)/manifests/\(reference)", accept: "application/vnd.oci.image.manifest.v1+json")
    }

    /// A blob of an app's image.
    func blob(of app: String, _ digest: String) async throws -> [UInt8] { try await ask("\(app)/blobs/\(digest)") }

    private func ask(_ what: String, accept: String = "*/*") async throws -> [UInt8] {
        var command = Command(
            "/usr/bin/curl",
            ["-sS", "-f", "-m", "30", "-H", "Accept: \(accept)", "-K", "-", "http://\(address)/v2/team/\(what)"])
        command.input = Array("user = \"\(user):\(password)\"\n".utf8)
        return try await command.run().succeeded().output
    }
}
