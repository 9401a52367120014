import SSHServer
import Synchronization

/// Lets in those whose keys a test names.
final class KnownKeys: KeyAuthenticator {
    private let names = Mutex<[[UInt8]: String]>([:])

    func add(_ key: TestKey, as name: String) {
        names.withLock { $0[key.blob] = name }
    }

    func userName(forKeyBlob blob: [UInt8]) -> String? { names.withLock { $0[blob] } }
}
