import Access
import Logging

/// Errors that name the setting and the file.
extension AccessFile {
    /// Reads the file.
    ///
    /// - Throws: ``StartError``, one line.
    static func load(_ path: String, logger: Logger) throws(StartError) -> AccessFile {
        do {
            return try AccessFile(path: path, logger: logger)
        } catch {
            throw StartError("access-file: \(path): \(error)")
        }
    }

    /// Makes an example where there is no file.
    ///
    /// - Returns: Whether it was made.
    /// - Throws: ``StartError``, one line.
    static func makeTemplate(at path: String) throws(StartError) -> Bool {
        do {
            return try createTemplate(at: path)
        } catch {
            throw StartError("access-file: \(path): \(error)")
        }
    }
}
