import Glibc
import SystemCalls

/// The text of an access file, and which version of the file it is.
struct AccessFileContents {
    let text: String
    let identity: FileIdentity

    /// Reads the file at `path`.
    ///
    /// - Throws: ``AccessFileError`` when it is missing, unreadable, no regular file, too long or not UTF-8.
    static func read(path: String) throws(AccessFileError) -> AccessFileContents {
        let file = try open(path)
        let status = try reading { () throws(SystemCallError) in try file.status() }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw AccessFileError(line: nil, reason: "this is not a regular file")
        }
        let bytes = try readAll(file)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw AccessFileError(line: nil, reason: "the file is not UTF-8 text")
        }
        return AccessFileContents(text: text, identity: FileIdentity(status))
    }

    private static func open(_ path: String) throws(AccessFileError) -> OwnedDescriptor {
        do throws(SystemCallError) {
            // Without O_NONBLOCK the open of a FIFO would wait for its writer.
            return try OwnedDescriptor.open(path: path, flags: O_RDONLY | O_NONBLOCK)
        } catch {
            throw AccessFileError(line: nil, reason: "the file cannot be opened: \(error.reason)")
        }
    }

    private static func readAll(_ file: borrowing OwnedDescriptor) throws(AccessFileError) -> [UInt8] {
        let chunk = 64 << 10
        var bytes: [UInt8] = []
        while true {
            let piece = try reading { () throws(SystemCallError) in try file.read(upTo: chunk) }
            guard !piece.isEmpty else { return bytes }
            bytes += piece
            guard bytes.count <= AccessRules.maximumFileBytes else {
                throw AccessFileError(
                    line: nil, reason: "the file is longer than \(AccessRules.maximumFileBytes) bytes")
            }
        }
    }

    private static func reading<Value>(
        _ body: () throws(SystemCallError) -> Value
    ) throws(AccessFileError) -> Value {
        do {
            return try body()
        } catch {
            throw AccessFileError(line: nil, reason: "the file cannot be read: \(error.reason)")
        }
    }
}
