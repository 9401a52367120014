/// What a push did to upload.
struct UploadTrace: Sendable {
    /// The file of all bytes that went to the server.
    let sent: String
    /// The file of git's own account (`GIT_TRACE2_EVENT`).
    let events: String

    var sentBytes: Int { (try? HostFile.read(sent).count) ?? 0 }

    /// Whether git began to make a pack.
    var hasPacked: Bool {
        String(decoding: (try? HostFile.read(events)) ?? [], as: UTF8.self).contains("\"pack-objects\"")
    }
}
