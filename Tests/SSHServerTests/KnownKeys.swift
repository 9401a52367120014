import SSHServer
import Synchronization

/// Lets in those whose keys a test names.
final class KnownKeys: KeyAuthenticator {
    private let names = Mutex<[[UInt8]: String]>([:])
    private let currentTrouble = Mutex<String?>(nil)

    var trouble: String? { currentTrouble.withLock { $0 } }

    func add(_ key: TestKey, as name: String) {
        names.withLock { $0[key.blob] = name }
    }

    func setTrouble(_ text: String?) { currentTrouble.withLock { $0 = text } }

    func userName(forKeyBlob blob: [UInt8]) -> String? { names.withLock { $0[blob] } }
}
