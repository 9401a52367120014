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

extension SettingKind where Value == String? {
    /// The path of a file that need not be given.
    static var optionalPath: SettingKind {
        .single("FILE", expected: "the path of a file") { text in
            text.isEmpty ? .some(nil) : PathText.isValid(text) ? text : nil
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
}
