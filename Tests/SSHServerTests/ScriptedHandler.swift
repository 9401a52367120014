import SSHServer
import Synchronization

/// Does what the words of the command say, and keeps a diary.
final class ScriptedHandler: RequestHandler {
    private let diary = Mutex<[String]>([])
    /// Bytes of `flood` that were taken.
    let written = Counter()
    /// Opened by the test.
    let gate = Gate()

    /// What happened so far.
    var events: [String] { diary.withLock { $0 } }

    private func note(_ event: String) { diary.withLock { $0.append(event) } }

    func handle(_ request: SSHRequest, on channel: SSHChannel) async -> Int32 {
        let words: [String] =
            switch request.kind {
            case .exec(let command):
                String(decoding: command, as: UTF8.self).split(separator: " ").map { String($0) }
            case .shell: ["shell"]
            }
        let name = words.first ?? ""
        note("begin \(name)")
        do {
            let status = try await run(name, words.dropFirst().first, request, channel)
            note("end \(name)")
            return status
        } catch SSHChannelError.closed {
            note("closed \(name)")
        } catch {
            note("\(error is CancellationError ? "cancelled" : "failed") \(name)")
        }
        return 70
    }

    private func run(
        _ name: String, _ argument: String?, _ request: SSHRequest, _ channel: SSHChannel
    ) async throws -> Int32 {
        let number = argument.flatMap { Int($0) } ?? 0
        switch name {
        case "shell": try await channel.write(Array("hello \(request.user), no shell here\r\n".utf8))
        case "exit": return Int32(number)
        case "true": break
        case "address": try await channel.write(Array(request.address.utf8))
        case "protocol": try await channel.write(Array((request.gitProtocol ?? "none").utf8))
        case "echo": while let bytes = try await channel.read() { try await channel.write(bytes) }
        case "source": try await send(number, on: channel)
        case "both": try await sendBoth(number, on: channel)
        case "sink":
            await gate.pass()
            try await channel.write(Array("\(try await count(channel))".utf8))
        case "pass": await gate.pass()
        case "wait": try await Task.sleep(for: .milliseconds(number))
        case "hold": try await Task.sleep(for: .seconds(3600))
        case "read": _ = try await channel.read()
        case "flood": try await flood(channel)
        case "overtake": try await overtake(number, on: channel)
        default: return 127
        }
        return 0
    }

    private func send(_ count: Int, on channel: SSHChannel) async throws {
        for start in stride(from: 0, to: count, by: 100_000) {
            try await channel.write(Bytes.pattern(min(100_000, count - start), from: start))
        }
    }

    /// The same bytes on both streams, at the same time.
    private func sendBoth(_ count: Int, on channel: SSHChannel) async throws {
        async let output: Void = send(count, on: channel)
        for start in stride(from: 0, to: count, by: 70_000) {
            try await channel.writeError(Bytes.pattern(min(70_000, count - start), from: start))
        }
        try await output
    }

    private func count(_ channel: SSHChannel) async throws -> Int {
        var count = 0
        while let bytes = try await channel.read() { count += bytes.count }
        return count
    }

    private func flood(_ channel: SSHChannel) async throws {
        let chunk = Bytes.pattern(64 * 1024)
        while true {
            try await channel.write(chunk)
            written.add(chunk.count)
        }
    }

    /// Begins one write, cancels it in the middle, and makes another.
    private func overtake(_ count: Int, on channel: SSHChannel) async throws {
        let first = Task { try await channel.write(Bytes.pattern(count)) }
        await gate.pass()
        first.cancel()
        if case .failure(let error) = await first.result { note("first: \(error)") }
        try await channel.write(Array("THE SECOND".utf8))
    }
}
