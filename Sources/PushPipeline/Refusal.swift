import Access
import Identifiers

/// Why a request is refused before anything is sent, in words for the person at the other end.
struct Refusal: Sendable {
    let text: String

    static func notAnApp(reason: String, publicURL: String) -> Refusal {
        Refusal(text: "\(reason).\nThe remote is \(publicURL)/APP, where APP is the name of your app.")
    }

    static func notAllowed(user: AccessUser?, action: String, app: AppName) -> Refusal {
        guard let user else {
            return Refusal(text: "your key is no longer in the access list. Ask whoever runs this builder.")
        }
        return Refusal(
            text: """
                \(user.name) may not \(action) \(app). Your key gives access to: \(Greeting.apps(of: user.grant)).
                Check the app's name in the remote (git remote -v), or ask whoever runs this builder for access.
                """)
    }

    static func noSuchApp(_ app: AppName, publicURL: String) -> Refusal {
        Refusal(
            text: """
                there is no app \(app) yet: nothing was ever pushed to it.
                The first push makes it: git push \(publicURL)/\(app) main
                """)
    }

    /// Something that the push needs is down: told before anything is uploaded.
    static func notNow(
        _ obstacle: PushGate.Obstacle, app: AppName, push: PushID, builds: Bool, statusURL: String
    ) -> Refusal {
        let fine = obstacle.fineInWords.map { "\($0) " } ?? ""
        return Refusal(
            text: """
                \(app) can't be \(builds ? "built" : "pushed") right now: \(obstacle.sentence).
                \(fine)Nothing was uploaded and nothing was changed.
                Try again \(obstacle.tryAgain). Push \(push); status page: \(statusURL)
                """)
    }

    static func internalFault(_ push: String) -> Refusal {
        Refusal(
            text: """
                the builder has a problem of its own. Nothing was transferred and nothing was changed.
                Try again; if it stays, tell whoever runs this builder: \(push).
                """)
    }
}
