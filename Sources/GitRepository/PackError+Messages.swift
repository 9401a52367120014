import GitProtocol
import Glibc
import Subprocess

extension PackError {
    /// Tells from what `git index-pack` said why it failed.
    ///
    /// Git has no codes for its errors; the texts are those of builtin/index-pack.c, fsck.c and wrapper.c.
    init(status: TerminationStatus, messages: GitMessages, limits: PackLimits) {
        if case .signaled(let signal) = status {
            self = Self.bySignal(signal, limits)
            return
        }
        let lines = messages.lines
        let text = messages.text
        if text.contains("exceeds maximum allowed size") {
            self = .tooLarge(limit: limits.maximumBytes)
        } else if text.contains("No space left on device") || text.contains("Disk quota exceeded") {
            self = .noSpace
        } else if text.contains("Out of memory") || text.contains("Cannot allocate memory") {
            self = .outOfMemory
        } else if text.contains("early EOF") {
            self = .truncated
        } else if text.contains("unresolved delta") {
            self = .missingBase
        } else if text.contains("did not receive expected object"), let id = Self.objectID(in: text) {
            self = .missingObject(id)
        } else if text.contains("fsck error") || text.contains("Not all child objects") {
            let detail = lines.first { $0.hasPrefix("error: object ") } ?? lines.first ?? "git fsck refuses it"
            self = .badObject(Self.bare(detail))
        } else if let fatal = lines.last(where: { $0.hasPrefix("fatal: ") }) {
            self = Self.isDamage(fatal) ? .corrupt(Self.bare(fatal)) : .failed(Self.bare(fatal))
        } else {
            self = .failed(lines.last ?? "it ended with \(status)")
        }
    }

    private static func bySignal(_ signal: Int32, _ limits: PackLimits) -> PackError {
        switch signal {
        case SIGXCPU: .outOfTime
        case SIGXFSZ: .tooLarge(limit: limits.maximumBytes)
        // The kernel's answer to a machine without memory, and what a failed allocation looks like.
        case SIGKILL, SIGSEGV, SIGABRT: .outOfMemory
        default: .failed("it was ended by signal \(signal)")
        }
    }

    private static func isDamage(_ line: String) -> Bool {
        ["pack", "inflate", "object", "offset", "delta", "checksum", "SHA1", "Invalid type"].contains {
            line.contains($0)
        }
    }

    /// The first object id in a text.
    static func objectID(in text: String) -> ObjectID? {
        text.split { !$0.isHexDigit }.lazy.compactMap { ObjectID(String($0)) }.first
    }

    private static func bare(_ line: String) -> String {
        for prefix in ["error: ", "fatal: "] where line.hasPrefix(prefix) {
            return String(line.dropFirst(prefix.count))
        }
        return line
    }
}
