import StrictYAML

extension AccessRules {
    /// Reads the text of an access file.
    ///
    /// - Parameter yaml: A map with the one entry `users`; see ``AccessFile/createTemplate(at:)`` for its shape.
    /// - Returns: The rules; `users: {}` is valid and lets nobody in.
    /// - Throws: ``AccessFileError`` for the first mistake in the file.
    package static func parse(yaml: String) throws(AccessFileError) -> AccessRules {
        let root: YAMLNode
        do throws(YAMLProblem) {
            root = try StrictYAML.parse(yaml, maximumBytes: maximumFileBytes)
        } catch {
            throw AccessFileError(error)
        }
        return AccessRules(users: try AccessFileReader().users(root))
    }
}
