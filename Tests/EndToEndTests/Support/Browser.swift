import FoundationEssentials
import Glibc

/// A real browser, headless Chromium, with one page; ended when this object goes.
///
/// It speaks the DevTools protocol over two pipes with names: messages are JSON, each ends with a NUL byte.
final class Browser {
    private static let programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser"]

    private let directory: TemporaryDirectory
    private let process: ChildProcess
    private let commands: Int32
    private let answers: Int32
    private var buffer: [UInt8] = []
    private var sent = 0
    private var session: String?
    /// What happened, oldest first: messages without a number.
    private(set) var events: [JSONTree] = []

    /// Starts the browser and opens a page.
    ///
    /// - Throws: ``Failed`` when there is none, or the page does not load.
    static func open(_ address: String) async throws -> Browser {
        let browser = try Browser()
        let target = try await browser.call("Target.createTarget", ["url": "about:blank"])["targetId"]?.string
        let attached = try await browser.call(
            "Target.attachToTarget", ["targetId": .text(target ?? ""), "flatten": true])
        browser.session = attached["sessionId"]?.string
        for domain in ["Page", "Runtime", "Log", "Network"] { try await browser.call("\(domain).enable") }
        let loaded = try await browser.call("Page.navigate", ["url": .text(address)])
        if let error = loaded["errorText"]?.string { throw Failed("\(address): \(error)") }
        try await browser.happens("the page is loaded") { $0.named("Page.loadEventFired").count > 0 }
        return browser
    }

    private init() throws {
        guard let program = Self.programs.first(where: HostFile.exists) else {
            throw Failed("there is no chromium: apt-get install chromium")
        }
        let directory = try TemporaryDirectory()
        self.directory = directory
        let pipes = ["commands", "answers"].map { directory($0) }
        for pipe in pipes {
            guard unsafe mkfifo(pipe, 0o600) == 0 else { throw Failed("mkfifo: error \(errno)") }
        }
        // For both directions: so the opening waits for nobody, and the pipe is there as long as this is.
        commands = unsafe Glibc.open(pipes[0], O_RDWR | O_CLOEXEC)
        answers = unsafe Glibc.open(pipes[1], O_RDWR | O_CLOEXEC | O_NONBLOCK)
        guard commands >= 0, answers >= 0 else { throw Failed("a pipe cannot be opened: error \(errno)") }
        // No network is wanted but the page's; as root there is no sandbox, and a container's /dev/shm is small.
        let flags = [
            "--headless", "--remote-debugging-pipe", "--user-data-dir=\(directory("profile"))", "--no-first-run",
            "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--no-sandbox", "about:blank",
        ]
        let script = "exec \"$@\" 3<\(pipes[0]) 4>\(pipes[1])"
        process = try ChildProcess(
            "/bin/sh", ["-c", script, "sh", program] + flags,
            environment: Command.cleanEnvironment.merging(["HOME": directory.path]) { $1 },
            output: directory("browser.log"))
    }

    deinit {
        process.signalGroup(SIGKILL)
        process.waitBlocking()
        close(commands)
        close(answers)
    }

    // MARK: The page

    /// The value of an expression in the page, as text.
    func text(of expression: String) async throws -> String {
        let answer = try await call("Runtime.evaluate", ["expression": "String(\(expression))", "returnByValue": true])
        guard let text = answer["result"]?["value"]?.string else { throw Failed("\(expression): \(answer)") }
        return text
    }

    /// Waits until an expression in the page has a value that is as wanted.
    func shows(_ what: String, within limit: Duration, _ expression: String, _ isWanted: (String) -> Bool) async throws
    {
        try await eventually("the page shows \(what)", within: limit) { isWanted(try await text(of: expression)) }
    }

    /// Addresses that the page asked for, in their order, without what is part of the page itself.
    var requests: [String] {
        named("Network.requestWillBeSent").compactMap { $0["params"]?["request"]?["url"]?.string }
            .filter { !$0.hasPrefix("data:") }
    }

    /// What a developer would find in the console, or fail to load.
    var complaints: [String] {
        let errors = named("Runtime.exceptionThrown") + named("Network.loadingFailed")
        let console = named("Runtime.consoleAPICalled").filter {
            ["error", "warning", "assert"].contains($0["params"]?["type"]?.string)
        }
        let log = named("Log.entryAdded").filter {
            ["error", "warning"].contains($0["params"]?["entry"]?["level"]?.string)
        }
        return (errors + console + log).map { "\($0)" }
    }

    /// The events of one name.
    func named(_ name: String) -> [JSONTree] { events.filter { $0["method"]?.string == name } }

    // MARK: The protocol

    /// Waits for an event.
    func happens(_ what: String, within limit: Duration = .seconds(60), _ condition: (Browser) -> Bool) async throws {
        try await eventually(what, within: limit) {
            for message in try receive() where message["id"] == nil { events.append(message) }
            return condition(self)
        }
    }

    /// Sends a command and waits for its answer.
    @discardableResult
    private func call(_ method: String, _ parameters: [String: Parameter] = [:]) async throws -> JSONTree {
        sent += 1
        let number = Double(sent)
        let message = Message(id: sent, method: method, params: parameters, sessionId: session)
        var rest = Array(try JSONEncoder().encode(message)) + [0]
        while !rest.isEmpty {
            let count = unsafe write(commands, rest, rest.count)
            guard count > 0 else { throw Failed("the browser does not read: error \(errno)") }
            rest.removeFirst(count)
        }
        return try await eventually("the browser answers \(method)", within: .seconds(120)) {
            var answer: JSONTree?
            for message in try receive() {
                if message["id"]?.number == number { answer = message } else { events.append(message) }
            }
            if let error = answer?["error"] { throw Failed("\(method): \(error)") }
            return answer?["result"]
        }
    }

    /// The messages that are there now.
    private func receive() throws -> [JSONTree] {
        if let ending = process.ending { throw Failed("\(ending): \(try directory.read("browser.log").suffix(2000))") }
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe read(answers, &piece, piece.count)
            guard count > 0 else { break }
            buffer += piece[..<count]
        }
        guard let last = buffer.lastIndex(of: 0) else { return [] }
        let whole = buffer[...last].split(separator: 0)
        defer { buffer.removeSubrange(...last) }
        return try whole.map { try JSONTree(parsing: String(decoding: $0, as: UTF8.self)) }
    }

    private struct Message: Encodable {
        let id: Int
        let method: String
        let params: [String: Parameter]
        let sessionId: String?
    }

    /// A command's parameter.
    enum Parameter: Encodable, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByStringInterpolation
    {
        case text(String)
        case flag(Bool)

        init(stringLiteral value: String) { self = .text(value) }
        init(booleanLiteral value: Bool) { self = .flag(value) }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .flag(let flag): try container.encode(flag)
            }
        }
    }
}
