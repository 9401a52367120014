import Glibc
import Identifiers
import SystemCalls

/// Tells servers apart that run outside of a cluster on hosts of one name: random, made once, kept in the data directory.
enum ServerID {
    private static let file = "server-id"
    /// The host's name in a label of 63 characters that also has an id of 26.
    private static let maximumHost = 30

    /// This server's name in the labels of its Jobs.
    ///
    /// - Throws: ``StartError`` when the file cannot be read or made, or has something else in it.
    static func name(in directory: String) throws -> String {
        "\(HostName.current.prefix(maximumHost))-\(try id(in: directory).rawValue.lowercased())"
    }

    private static func id(in directory: String) throws -> PushID {
        let path = "\(directory)/\(file)"
        do throws(SystemCallError) {
            let known = try read(path)
            if let known, let id = PushID(known) { return id }
            // Anything else in the file is no reason to be taken for another server.
            let id = PushID.generate()
            try MissingDirectories.make(directory, mode: 0o700)
            // Whole or not at all: half an id would be another server.
            let draft = path + ".new"
            let made = try OwnedDescriptor.open(
                draft.utf8, in: AT_FDCWD, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
            try made.write(Array("\(id.rawValue)\n".utf8))
            try made.synchronize()
            guard unsafe rename(draft, path) == 0 else { throw .last("rename") }
            return id
        } catch {
            throw StartError("\(path): \(error)")
        }
    }

    /// nil when there is none yet.
    private static func read(_ path: String) throws(SystemCallError) -> String? {
        let bytes: [UInt8]
        do throws(SystemCallError) {
            bytes = try OwnedDescriptor.open(path.utf8, in: AT_FDCWD, flags: O_RDONLY).read(upTo: 64)
        } catch {
            guard error.code != ENOENT else { return nil }
            throw error
        }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
    }
}
