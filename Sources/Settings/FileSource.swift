import Configuration
import StrictYAML

/// The settings in a YAML file: maps within maps, or keys with dots, or both.
struct FileSource: SettingSource {
    /// The longest file that is read, in bytes; all settings with comments take a few thousand.
    static let maximumBytes = 1 << 20

    let reader: ConfigReader
    private let path: String
    /// The line of each setting that is there.
    private let lines: [String: Int]

    /// Reads the whole file.
    ///
    /// - Parameters:
    ///   - text: What is in the file.
    ///   - path: How the user called it, for messages.
    /// - Throws: ``SettingsError`` for the first mistake in it.
    init(text: String, path: String) throws(SettingsError) {
        let root: YAMLNode
        do throws(YAMLProblem) {
            root = try StrictYAML.parse(text, maximumBytes: Self.maximumBytes)
        } catch {
            throw SettingsError(error.line.map { "\(path):\($0)" } ?? path, error.reason)
        }
        var values = FileValues(path: path)
        try values.add(root)
        reader = ConfigReader(provider: InMemoryProvider(name: "file", values: values.values))
        lines = values.lines
        self.path = path
    }

    func origin(of setting: SettingDefinition) -> SettingOrigin? {
        lines[setting.key].map { .file(path, line: $0, key: setting.key) }
    }
}
