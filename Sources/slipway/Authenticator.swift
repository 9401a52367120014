import Access
import SSHServer
import Settings

/// The access file says whose a key is.
struct Authenticator: KeyAuthenticator {
    let file: AccessFile
    /// Whether the access list is down on purpose.
    let isDownForDrill: Bool

    init(file: AccessFile, settings: Settings) {
        self.file = file
        isDownForDrill = settings.simulate.contains { $0.target == .access }
    }

    func userName(forKeyBlob blob: [UInt8]) -> String? { file.rules.user(forKeyBlob: blob)?.name }

    var trouble: String? { isDownForDrill ? "a fault is simulated" : file.trouble }
}
