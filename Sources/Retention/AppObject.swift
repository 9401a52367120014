import Builds
import Identifiers

/// What an object of an app is, by its key.
enum AppObject: Equatable {
    /// `builds/<id>/…`
    case build(PushID, BuildPart)
    /// `sources/<commit>.tar.gz`
    case source(commit: String)

    static let sourceSuffix = ".tar.gz"
    /// Of the name of a log's part.
    private static let partDigits = String(BuildKeys.maximumLogParts).utf8.count
    /// Of a SHA-1 in hexadecimal.
    private static let commitDigits = 40

    /// Looks at a key; nil when it is none of ours.
    ///
    /// - Parameter segments: What follows `apps/<app>/`.
    init?(_ segments: ArraySlice<Substring>) {
        let names = Array(segments)
        switch (names.first, names.count) {
        case ("builds", 3...):
            guard let id = PushID(String(names[1])), let part = Self.part(names[2...]) else { return nil }
            self = .build(id, part)
        case ("sources", 2):
            guard let commit = Self.commit(names[1]) else { return nil }
            self = .source(commit: commit)
        default: return nil
        }
    }

    private static func part(_ names: ArraySlice<Substring>) -> BuildPart? {
        switch (names.first, names.count) {
        case ("build.json", 1): return .record
        case ("log", 1): return .log
        case ("artifact.tar.gz", 1): return .artifact
        case ("log.parts", 2):
            guard let name = names.last, name.utf8.count == partDigits, name.utf8.allSatisfy(isDigit),
                let number = Int(name), number > 0
            else { return nil }
            return .logPart(number)
        default: return nil
        }
    }

    private static func commit(_ name: Substring) -> String? {
        guard name.hasSuffix(sourceSuffix) else { return nil }
        let commit = name.dropLast(sourceSuffix.count)
        let isCommit = commit.utf8.count == commitDigits && commit.utf8.allSatisfy(isHexDigit)
        return isCommit ? String(commit) : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
