import FoundationEssentials
import Testing

extension EndToEnd {
    @Suite("Status page in a real browser")
    struct StatusPageTests {
        /// One way to look at the page.
        enum View: String, CaseIterable, Sendable {
            case desktop, phone, dark

            var flags: [String] {
                switch self {
                case .desktop: []
                case .phone: ["--phone"]
                case .dark: ["--dark"]
                }
            }
        }

        @Test("when all is good the page says so, and the browser has nothing to complain of")
        func good() async throws {
            let site = try await Site.start()
            try await site.server.isWell()
            let git = try await site.git(building: "true")
            try await git.push("blog", "main").succeeded()
            #expect(try await look(at: site) == ["Pushes work"])
        }

        @Test("when storage is down the page says so first, and why")
        func down() async throws {
            let site = try await Site.start("--simulate", "storage=down")
            try await eventually("storage is down") { try await site.server.state(of: "storage") == "down" }
            for headline in try await look(at: site) {
                let words = /Pushes are refused: object storage is down for \d+ s/
                #expect(headline.wholeMatch(of: words) != nil, "\(headline)")
            }
            let page = try await site.server.get("/status").body
            #expect(page.contains("Faults are being simulated on purpose: <b>storage=down</b>"))
        }

        @Test("the page follows a real outage and its end by itself, without being loaded again")
        func outage() async throws {
            let faulty = try await FaultySite.start(
                DiskFault(place: .store, failure: .readOnly))
            let site = faulty.site
            let page = "http://127.0.0.1:\(site.server.healthPort)/status"
            let browser = try await Browser.open(page)
            let headline = "document.querySelector('h1').textContent"
            #expect(try await browser.text(of: headline) == "Pushes work")
            #expect(try await browser.text(of: "document.title") == "Pushes work – Slipway")
            // Whatever is the page's own is lost when it is loaded again.
            _ = try await browser.text(of: "window.mark = 'still the same page'")

            try await faulty.disk.fail()
            let start = ContinuousClock.now
            try await browser.shows("the outage", within: .seconds(40), headline) {
                $0.wholeMatch(of: /Pushes are refused: object storage is down for \d+ s/) != nil
            }
            print("status page: a read-only disk showed after \(ContinuousClock.now - start)")
            #expect(try await browser.text(of: "document.documentElement.dataset.tone") == "bad")
            #expect(try await browser.text(of: "document.title").hasPrefix("Pushes are refused"))
            let said = try await browser.text(of: "document.body.innerText")
            #expect(faulty.fault.causes.contains { said.contains($0) }, "\(said)")

            try await faulty.disk.mend()
            let end = ContinuousClock.now
            try await browser.shows("the recovery", within: .seconds(20), headline) { $0 == "Pushes work" }
            print("status page: the recovery showed after \(ContinuousClock.now - end)")
            #expect(try await browser.text(of: "window.mark") == "still the same page")
            #expect(browser.named("Page.loadEventFired").count == 1)
            #expect(browser.complaints.isEmpty, "\(browser.complaints)")
            #expect(Set(browser.requests) == [page] && browser.requests.count > 2, "\(browser.requests)")
        }

        @Test("when the builder is gone the page says so, and recovers when it is back")
        func lost() async throws {
            let site = try await Site.start("--executor", "none")
            let browser = try await Browser.open("http://127.0.0.1:\(site.server.healthPort)/status")
            let words = "document.getElementById('lost').hidden ? '' : document.getElementById('lost').innerText"
            #expect(try await browser.text(of: words) == "")
            site.server.process.signal(19)  // SIGSTOP: it is there and does not answer.
            try await browser.shows("the silence", within: .seconds(15), words) {
                $0.contains(
                    /The builder has not answered since \d\d:\d\d:\d\d UTC, \d+ s\. What is below is from then\./)
            }
            #expect(try await browser.text(of: "document.documentElement.dataset.tone") == "lost")
            site.server.process.signal(18)
            try await browser.shows("the return", within: .seconds(15), words) { $0.isEmpty }
            #expect(try await browser.text(of: "document.documentElement.dataset.tone") == "good")
        }

        /// Looks at the page in all ways at once, as each waits for the page to fetch itself.
        ///
        /// - Returns: The headlines that were seen.
        private func look(at site: Site) async throws -> Set<String> {
            try await withThrowingTaskGroup { group in
                for view in View.allCases { group.addTask { try await look(at: site, view) } }
                return try await group.reduce(into: []) { $0.insert($1) }
            }
        }

        /// Lets `scripts/screenshot-status` take a picture, which fails when the browser or a reader would complain.
        private func look(at site: Site, _ view: View) async throws -> String {
            let page = "http://127.0.0.1:\(site.server.healthPort)/status"
            let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: "scripts/screenshot-status").path
            let picture = site.directory("\(view).png")
            let result = try await Command(script, view.flags + ["--refreshes", "1", page, picture]).run()
            #expect(result.status == 0, "\(view): \(result)")
            let seen = try JSONTree(parsing: result.text)
            #expect(seen["problems"]?.elements.isEmpty == true, "\(view): \(result)")
            // The page, and itself once or twice more; nothing from anywhere else.
            let requests = seen["requests"]?.elements.compactMap(\.string).filter { !$0.hasPrefix("data:") } ?? []
            #expect(requests.count > 1 && Set(requests) == [page], "\(view): \(requests)")
            let size = try HostFile.read(picture).count
            #expect(size > 10_000, "\(view): the picture has only \(size) bytes")
            return seen["headline"]?.string ?? ""
        }
    }
}
