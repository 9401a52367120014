import FoundationEssentials
import Subprocess
import SystemCalls
import SystemPackage

extension CredentialPlugin {
    /// Bytes of what a plugin prints: a token and a certificate chain.
    private static let outputLimit = 256 << 10
    /// Bytes of its complaints that are read.
    private static let complaintLimit = 16 << 10

    /// Runs the program.
    ///
    /// - Parameter limit: How long it may run; then it is ended, with all that it started.
    /// - Returns: The credentials, and when they expire if the program says so.
    /// - Throws: ``LoginProblem``, `CancellationError`.
    func run(limit: Duration) async throws -> (credentials: Credentials, expiry: Date?) {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(1))]
        let executable: Executable = command.contains("/") ? .path(FilePath(command)) : .name(command)
        let settings = options
        let result: (status: TerminationStatus, output: String, complaint: String)?
        do {
            result = try await TimeLimit.run(limit) {
                let room = try DescriptorRoom()
                defer { room.giveBack() }
                let result = try await Subprocess.run(
                    executable, arguments: Arguments(arguments), environment: .custom(variables),
                    platformOptions: settings, output: .string(limit: Self.outputLimit),
                    error: .string(limit: Self.complaintLimit))
                return (result.terminationStatus, result.standardOutput, result.standardError)
            }
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            let hint = installHint.isEmpty ? "" : "; \(installHint)"
            throw problem("\(command) does not run (\(error))\(hint)")
        }
        guard let result else { throw problem("\(command) did not end within \(limit)") }
        guard result.status.isSuccess else {
            let complaint = result.complaint.printable(300)
            throw problem("\(command) failed with \(result.status): \(complaint)")
        }
        return try read(Array(result.output.utf8))
    }

    /// Reads what a plugin prints.
    ///
    /// - Parameter output: An `ExecCredential`.
    /// - Returns: The credentials, and when they expire.
    /// - Throws: ``LoginProblem``.
    func read(_ output: [UInt8]) throws -> (credentials: Credentials, expiry: Date?) {
        let answer: Answer
        do {
            answer = try JSON.decode(Answer.self, from: output, maximumSize: Self.outputLimit)
        } catch {
            throw problem("\(command) printed no ExecCredential: \(error)")
        }
        guard answer.kind == "ExecCredential", answer.apiVersion == version else {
            throw problem("\(command) printed something else than an ExecCredential of \(version)")
        }
        var certificate: ClientCertificate?
        switch (answer.status?.clientCertificateData, answer.status?.clientKeyData) {
        case (nil, nil): break
        case (let chain?, let key?):
            certificate = ClientCertificate(chain: Array(chain.utf8), key: Array(key.utf8))
            guard certificate != nil else { throw problem("\(command) printed a certificate or key that is not PEM") }
        default: throw problem("\(command) printed a certificate without a key, or a key without a certificate")
        }
        let token = answer.status?.token.flatMap { $0.isEmpty ? nil : $0 }
        guard token != nil || certificate != nil else {
            throw problem("\(command) printed neither a token nor a certificate")
        }
        var expiry: Date?
        if let text = answer.status?.expirationTimestamp {
            expiry = try? Date(text, strategy: .iso8601)
            guard expiry != nil else {
                throw problem("\(command) printed an expirationTimestamp that is no RFC 3339 time")
            }
        }
        return (Credentials(token: token, certificate: certificate), expiry)
    }

    private func problem(_ reason: String) -> LoginProblem { LoginProblem(reason: "\(origin): \(reason)") }

    private var variables: [Environment.Key: String] {
        var keys: [Environment.Key: String] = [:]
        for (name, value) in environment {
            if let key = Environment.Key(rawValue: name) { keys[key] = value }
        }
        return keys
    }

    private struct Answer: Decodable {
        struct Status: Decodable {
            let expirationTimestamp: String?
            let token: String?
            let clientCertificateData: String?
            let clientKeyData: String?
        }

        let kind: String
        let apiVersion: String
        let status: Status?
    }
}
