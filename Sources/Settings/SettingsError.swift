/// Why the settings cannot be used, in one printable line.
///
/// The line starts with the key as it was written: the flag, the variable, or the file with its line number.
package struct SettingsError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ place: String, _ problem: String) {
        description = "\(place): \(problem)"
    }
}
