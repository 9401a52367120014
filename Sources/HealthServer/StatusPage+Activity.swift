import Health

extension StatusPage {
    /// How many transitions are shown, of all dependencies together; the JSON has more.
    private static let shownChanges = 10

    /// Pushes now, and what was built lately.
    var activity: HTML {
        """
        <div class="pair">
        <section class="panel"><h2>Pushes now</h2>\(pushes)</section>
        <section class="panel"><h2>Recent builds</h2>\(builds)</section>
        </div>
        """
    }

    /// The last transitions, newest first; that a start found all well is none.
    var changes: HTML {
        let all = report.dependencies.flatMap { status in status.transitions.map { (status, $0) } }
            .filter { $0.1.was != .unknown || $0.1.is != .up }.sorted { $0.1.at > $1.1.at }.prefix(Self.shownChanges)
        guard !all.isEmpty else { return .empty }
        let rows = all.map { status, change in
            let (icon, word): (HTML, String) =
                switch change.is {
                case .up: (Icon.good, "is up")
                case .down: (Icon.bad, "went down")
                case .unknown: (Icon.unknown, "is not known")
                }
            let tone = change.is == .up ? "good" : change.is == .down ? "bad" : "idle"
            let before = change.was == .unknown ? "" : "after \(TimeText.span(change.lasted)) \(change.was.rawValue)"
            let why = change.cause.map { ": \($0)" } ?? ""
            return """
                <tr><td class="tight">\(TimeText.clock(change.at, now: report.now))</td>
                <td><span class="mark \(tone)">\(icon)<span>\(Self.sentenceCase(status.title)) \(word)\(why)</span></span></td>
                <td class="wide">\(before)</td></tr>
                """ as HTML
        }
        return """
            <section class="panel"><h2>Last changes</h2>\
            \(Self.table(["When", "What"], wide: ["Before"], rows))</section>
            """
    }

    private var pushes: HTML {
        guard !report.pushes.isEmpty else { return "<p class=\"empty\">No push is running.</p>" }
        let rows = report.pushes.map { push in
            let phase: HTML = push.place.map { "<i>waiting, place \($0)</i>" } ?? "\(push.phase)"
            return """
                <tr><th scope="row">\(push.app)</th><td class="tight">\(phase)</td>
                <td class="tight">\(TimeText.span(report.now.duration(since: push.since)))</td>
                <td class="wide"><code>\(push.id)</code></td></tr>
                """ as HTML
        }
        return Self.table(["App", "Phase", "For"], wide: ["Push"], rows)
    }

    private var builds: HTML {
        guard !report.recentBuilds.isEmpty else { return "<p class=\"empty\">Nothing was built yet.</p>" }
        let rows = report.recentBuilds.map { build in
            let tone = build.hasSucceeded ? "good" : "bad"
            let icon = build.hasSucceeded ? Icon.good : Icon.bad
            return """
                <tr><th scope="row">\(build.app)</th>
                <td><span class="mark \(tone)">\(icon)<span>\(build.outcome)</span></span></td>
                <td class="tight">\(TimeText.ago(build.finishedAt, now: report.now))</td>
                <td class="wide">\(TimeText.span(build.duration))</td>
                <td class="wide"><code>\(build.commit)</code></td></tr>
                """ as HTML
        }
        return Self.table(["App", "Outcome", "Ended"], wide: ["Took", "Commit"], rows)
    }

    /// A table whose last columns are left out on narrow screens.
    private static func table(_ names: [String], wide: [String], _ rows: [HTML]) -> HTML {
        let heads = names.map { "<th scope=\"col\">\($0)</th>" as HTML }
        let wideHeads = wide.map { "<th scope=\"col\" class=\"wide\">\($0)</th>" as HTML }
        return """
            <table><thead><tr>\(heads)\(wideHeads)</tr></thead>
            <tbody>
            \(rows)
            </tbody></table>
            """
    }
}
