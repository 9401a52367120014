import Crypto
import FoundationEssentials
import Health

/// The status as a page: one file that asks for nothing else, and that keeps itself fresh.
struct StatusPage: Sendable {
    let report: StatusReport
    /// The page's Content-Security-Policy: its own style and script, by their hashes, and nothing that found its way in.
    ///
    /// A nonce would do for a page that is loaded once; this one parses its successor, whose nonce would be another.
    static let policy =
        "default-src 'none'; style-src '\(hash(of: style))'; script-src '\(hash(of: script))'; connect-src 'self'; "
        + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    private static func hash(of piece: HTML) -> String {
        "sha256-\(Data(SHA256.hash(data: Array(piece.text.utf8))).base64EncodedString())"
    }

    /// The whole page.
    var html: HTML {
        """
        <!doctype html>
        <html lang="en" data-tone="\(report.tone.rawValue)">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <title>\(report.headline) – Slipway</title>
        <link rel="icon" id="favicon" href="\(favicon)">
        <noscript><meta http-equiv="refresh" content="5"></noscript>
        <style>\(Self.style)</style>
        </head>
        <body>
        <header class="top">
        <p class="brand">\(Icon.brand)<span>Slipway</span></p>
        <p class="top-facts" id="facts">\(facts)</p>
        </header>
        <p class="lost" id="lost" role="alert" hidden></p>
        <main>
        <div class="hero" id="hero">
        <div class="hero-icon" id="hero-icon">\(Self.icon(report.tone))</div>
        <div class="hero-text">
        <h1 id="headline" role="status" aria-live="polite">\(report.headline)</h1>
        <div id="lead">\(lead)</div>
        </div>
        </div>
        <div id="live">
        \(figures)
        \(dependencies)
        \(activity)
        \(changes)
        </div>
        </main>
        <footer class="foot">
        <p>For programs: <a href="status.json">status.json</a>, <a href="metrics">metrics</a>,
        <a href="readyz?verbose">readyz</a>, <a href="healthz?verbose">healthz</a>.</p>
        <p id="age">Started \(TimeText.clock(report.startedAt, now: report.now)).</p>
        </footer>
        <script>\(Self.script)</script>
        </body>
        </html>

        """
    }

    private var facts: HTML {
        "<span>Version \(report.version)</span> <span>as of \(TimeText.clockWithSeconds(report.now))</span>"
    }

    /// What stands under the headline: how to push, and whatever else is the matter.
    private var lead: HTML {
        var lines: [HTML] = []
        if !report.simulated.isEmpty {
            lines.append(
                """
                <p class="shout">\(Icon.notice)<span>Faults are being simulated on purpose: \
                <b>\(report.simulated.joined(separator: ", "))</b></span></p>
                """)
        }
        // The first is the headline.
        let problems = report.readinessProblems.dropFirst(report.drain == nil ? 1 : 0)
        if !problems.isEmpty {
            let items = problems.map { "<li><code>\($0.name)</code> \($0.problem ?? "")</li>" as HTML }
            lines.append("<ul class=\"problems\">\(items)</ul>")
        }
        if !report.gateIsOn {
            lines.append("<p>The gate is off: pushes are not checked before they upload.</p>")
        }
        lines.append("<p>git push <code>\(report.pushURL)</code></p>")
        return HTML(lines)
    }

    private var figures: HTML {
        """
        <dl class="figures">
        \(Self.figure("Pushes running", "\(report.runningPushes)"))
        \(Self.figure("Pushes waiting", "\(report.queueLength)"))
        \(Self.figure("SSH connections", "\(report.connections)", of: report.connectionLimit))
        \(Self.figure("Up for", TimeText.span(report.uptime)))
        </dl>
        """
    }

    private static func figure(_ name: String, _ value: String, of limit: Int? = nil) -> HTML {
        let most: HTML = limit.map { " <small>of \($0)</small>" } ?? .empty
        return "<div><dt>\(name)</dt><dd>\(value)\(most)</dd></div>"
    }

    private static func icon(_ tone: StatusReport.Tone) -> HTML {
        switch tone {
        case .good: Icon.good
        case .notice: Icon.notice
        case .bad: Icon.bad
        }
    }

    /// A dot in the tone's colour; inside the page, so that the browser asks for none.
    private var favicon: String {
        let colour =
            switch report.tone {
            case .good: "1f8a4c"
            case .notice: "c98a12"
            case .bad: "cf2e24"
            }
        return "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
            + "%3Ccircle cx='8' cy='8' r='7' fill='%23\(colour)'/%3E%3C/svg%3E"
    }
}
