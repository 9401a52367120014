import Health

extension StatusPage {
    /// What a push needs and what else is watched, each with its state, since when, and its last hour.
    var dependencies: HTML {
        let cards = report.dependencies.map(card)
        let content: HTML = cards.isEmpty ? "<p class=\"empty\">Nothing is watched.</p>" : "<ul>\(cards)</ul>"
        return "<section class=\"panel\"><h2>Dependencies</h2>\(content)</section>"
    }

    private func card(_ status: DependencyStatus) -> HTML {
        """
        <li class="dep \(status.state.rawValue)">
        <div class="dep-name"><h3>\(Self.sentenceCase(status.title))\(note(status))</h3>\(state(status))</div>
        <div class="dep-facts">\(cause(status))<p>\(checked(status))</p></div>
        <div class="dep-hour">\(strip(status))</div>
        </li>
        """
    }

    private func note(_ status: DependencyStatus) -> HTML {
        status.isNeededByPush ? .empty : " <small>not needed by a push</small>"
    }

    private func state(_ status: DependencyStatus) -> HTML {
        let word: HTML =
            switch status.state {
            case .up: "\(Icon.good)<span>Up</span>"
            case .down: "\(Icon.bad)<span>Down</span>"
            case .unknown: "\(Icon.unknown)<span>Not known yet</span>"
            }
        let since: HTML =
            status.since.map { start in
                let clock = TimeText.clock(start, now: report.now)
                let lasting = report.lasting(status).map { ", \(TimeText.span($0))" } ?? ""
                return "<span class=\"since\">since \(clock)\(lasting)</span>"
            } ?? .empty
        return "<p class=\"state\"><b class=\"pill\">\(word)</b> \(since)</p>"
    }

    /// Why it is down, or what failed lately while it still counts as up.
    private func cause(_ status: DependencyStatus) -> HTML {
        var lines: [HTML] = []
        if let cause = status.cause {
            let failures = status.consecutiveFailures
            let times = failures > 1 ? ", \(failures) times in a row" : ""
            lines.append("<p class=\"cause\">\(Self.sentenceCase(cause))\(times)</p>")
        }
        if status.abandonedChecks > 0 {
            let checks = status.abandonedChecks == 1 ? "1 check hangs" : "\(status.abandonedChecks) checks hang"
            lines.append("<p class=\"cause\">\(checks) and had to be given up</p>")
        }
        if let simulated = status.simulated {
            lines.append("<p class=\"cause\">Simulated on purpose: \(simulated)</p>")
        }
        return HTML(lines)
    }

    private func checked(_ status: DependencyStatus) -> HTML {
        var parts: [HTML] = []
        if status.lastSuccess == nil || status.lastSuccess == status.lastCheck, let check = status.lastCheck {
            let word = status.lastSuccess == nil ? "Checked" : "Checked good"
            parts.append("\(word) <b>\(TimeText.ago(check, now: report.now))</b>")
        } else if let success = status.lastSuccess {
            parts.append("Last good <b>\(TimeText.clock(success, now: report.now))</b>")
            if let check = status.lastCheck {
                parts.append("checked <b>\(TimeText.ago(check, now: report.now))</b>")
            }
        } else {
            parts.append("Not checked yet")
        }
        if let latency = status.latency { parts.append("took <b>\(TimeText.latency(latency))</b>") }
        if status.state == .down, let next = status.nextCheck {
            parts.append("next in <b>\(TimeText.span(next))</b>")
        }
        return HTML(joining: parts, with: ", ")
    }

    static func sentenceCase(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
