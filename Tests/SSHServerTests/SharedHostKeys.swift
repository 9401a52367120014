import Glibc
import Logging

@testable import SSHServer

/// Host keys for all tests: an RSA key takes a second to make.
enum SharedHostKeys {
    private static let scratch: Result<Scratch, any Error> = Result {
        let scratch = try Scratch()
        atexit { try? SharedHostKeys.scratch.get().remove() }
        return scratch
    }

    static let keys = scratch.flatMap { scratch in
        Result {
            try HostKeys.load(orCreateIn: scratch.path, logger: Logger(label: "keys") { _ in SwiftLogNoOpLogHandler() })
        }
    }
}
