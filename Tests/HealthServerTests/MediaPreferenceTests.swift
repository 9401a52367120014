import Testing

@testable import HealthServer

@Suite struct MediaPreferenceTests {
    private static let firefox = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    @Test(
        "the form is chosen as RFC 9110 has it",
        arguments: [
            (nil, .html), ("", .html), ("*/*", .html), (firefox, .html), ("text/html", .html), ("text/plain", .html),
            ("application/json", .json), ("APPLICATION/JSON", .json), ("application/json, text/html", .json),
            ("text/html, application/json", .html), ("application/json, */*;q=0.5", .json),
            ("application/json, */*", .json), ("application/*", .json), ("application/*, text/*;q=0.9", .json),
            ("text/html;q=0.5, application/json;q=0.9", .json), ("text/html;q=0.9,application/json;q=0.5", .html),
            ("application/json;q=0, text/html;q=0.1", .html), ("application/json;q=0", .html),
            ("text/html;q=0, */*", .json), ("application/json ; q=0.8 , text/html ; q=0.7", .json),
            ("application/json;q=nan", .html), ("application/json;q=7", .html), (";;,,q=", .html),
            ("application/json;charset=utf-8", .json), ("application/vnd.api+json", .html),
            (String(repeating: "application/json,", count: 100), .html),
        ] as [(String?, MediaPreference)])
    func preference(_ accept: String?, _ preference: MediaPreference) {
        #expect(MediaPreference(accept: accept) == preference)
    }

    @Test("the status is a page for browsers and JSON for who asks for it")
    func negotiation() async throws {
        try await TestServer.run { server in
            let page = try await server.get("/status", fields: ["Accept: \(Self.firefox)"])
            #expect(page.code == 200)
            #expect(page.fields["content-type"] == "text/html; charset=utf-8")
            #expect(page.fields["vary"] == "Accept")
            #expect(page.body.hasPrefix("<!doctype html>"))
            let json = try await server.get("/status", fields: ["Accept: application/json"])
            #expect(json.fields["content-type"] == "application/json; charset=utf-8")
            #expect(json.fields["cache-control"] == "no-store")
            let always = try await server.get("/status.json", fields: ["Accept: text/html"])
            #expect(always.body == json.body)
            let twoFields = try await server.get("/status", fields: ["Accept: text/plain", "Accept: application/json"])
            #expect(twoFields.body == json.body)
        }
    }
}
