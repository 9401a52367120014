import Access
import Identifiers

/// What a person reads who logs in with `ssh` instead of pushing.
struct Greeting: Sendable {
    let user: String
    let grant: AppGrant?
    let publicURL: String

    /// Who you are, what you may push, and how.
    var text: String {
        let example = grant.flatMap(Self.exampleApp) ?? "APP"
        return """
            Hello, \(user). Your key works. There is no shell here: this is a builder, you push to it.

            Apps you may push: \(grant.map(Self.apps) ?? "none")

            In your app's folder:
                git remote add slipway \(publicURL)/\(example)
                git push slipway main

            """
    }

    /// The answer to a command that is neither git's nor `ping`; its text is not repeated, as it is a stranger's.
    var unknownCommand: String {
        "slipway: not a command of this server. It takes git push, git clone, git fetch, and \"ping\".\n"
    }

    /// A grant in words.
    static func apps(of grant: AppGrant) -> String {
        switch grant {
        case .all: "all"
        case .some(let apps): apps.isEmpty ? "none" : apps.sorted().map(\.rawValue).joined(separator: ", ")
        }
    }

    private static func exampleApp(of grant: AppGrant) -> String? {
        switch grant {
        case .all: nil
        case .some(let apps): apps.min()?.rawValue
        }
    }
}
