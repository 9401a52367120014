@testable import Settings

/// Loads settings with a file that need not be on a disk.
func load(
    _ arguments: [String] = [], environment: [String: String] = [:], file: String? = nil
) throws(SettingsError) -> Settings {
    var environment = environment
    if file != nil { environment["SLIPWAY_CONFIG"] = environment["SLIPWAY_CONFIG"] ?? "slipway.yaml" }
    return try Settings.load(arguments: arguments, environment: environment) { path in
        guard let file, path == "slipway.yaml" else { throw MissingFile() }
        return file
    }
}

/// The error of ``load(_:environment:file:)`` as text; "none" when there is none.
func failure(_ arguments: [String] = [], environment: [String: String] = [:], file: String? = nil) -> String {
    do throws(SettingsError) {
        _ = try load(arguments, environment: environment, file: file)
        return "none"
    } catch {
        return error.description
    }
}

private struct MissingFile: Error, CustomStringConvertible {
    let description = "No such file or directory"
}
