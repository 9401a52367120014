extension SettingKind where Value: RawRepresentable<String> & CaseIterable {
    /// One word of a few.
    static var choice: SettingKind {
        let words = Value.allCases.map(\.rawValue)
        return .single(words.joined(separator: "|"), expected: "one of \(words.joined(separator: ", "))") {
            Value(rawValue: $0)
        }
    }
}

extension SettingKind where Value == String {
    /// The path of a file or directory; relative ones start where the server was started.
    static var path: SettingKind {
        .single("PATH", expected: "a path") { text in
            guard PathText.isValid(text) else { return nil }
            return PathText.withoutTrailingSlashes(text)
        }
    }
}

extension SettingKind where Value == String {
    /// Printable ASCII without spaces and quotes.
    ///
    /// What else it must be is for its user to say. It may be empty.
    static func word(_ placeholder: String, expected: String) -> SettingKind {
        .single(placeholder, expected: expected) { text in
            let isFit = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"'\\".utf8.contains($0) }
            return isFit ? text : nil
        }
    }
}

extension SettingKind where Value == String? {
    /// The path of a file that need not be given.
    static var optionalPath: SettingKind {
        .single("FILE", expected: "the path of a file") { text in
            if text.isEmpty { return .some(nil) }
            // Spelled out: as a part of a longer expression, nil would be an absent path, not a refused one.
            guard PathText.isValid(text) else { return nil }
            return text
        }
    }

    /// The address that pushers use, without the app: `ssh://git@builder.example.com:2222`.
    static var sshURL: SettingKind {
        .single("URL", expected: "an address such as ssh://git@builder.example.com, without an app name") { text in
            guard !text.isEmpty else { return .some(nil) }
            let scheme = "ssh://"
            let allowed = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }
            let host = PathText.withoutTrailingSlashes(String(text.dropFirst(scheme.count)))
            guard text.hasPrefix(scheme), allowed, !host.isEmpty, !host.hasSuffix("@"), !host.contains("/") else {
                return nil
            }
            return scheme + host
        }
    }

    /// The address that people use for the status page's server: `http://builder.example.com:8092`.
    static var httpURL: SettingKind {
        .single("URL", expected: "an address such as https://builder.example.com, without a path") { text in
            guard !text.isEmpty else { return .some(nil) }
            let allowed = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"<>?#@".utf8.contains($0) }
            guard allowed, let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return nil }
            let host = PathText.withoutTrailingSlashes(String(text.dropFirst(scheme.count)))
            guard !host.isEmpty, !host.contains("/") else { return nil }
            return scheme + host
        }
    }
}
