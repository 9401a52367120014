extension GitClient {
    /// The same client, which leaves in files what it does to upload: see ``UploadTrace``.
    func traced(_ name: String) throws -> (client: GitClient, trace: UploadTrace) {
        let trace = UploadTrace(sent: ssh.directory("\(name).sent"), events: ssh.directory("\(name).events"))
        let proxy = try ssh.directory.write(
            "\(name).proxy",
            """
            exec 3<>"/dev/tcp/$1/$2"
            cat <&3 &
            tee '\(trace.sent)' >&3
            wait
            """)
        var client = self
        client.environment["GIT_SSH_COMMAND"] = ssh.commandLine + " -o 'ProxyCommand=/bin/bash \(proxy) %h %p'"
        client.environment["GIT_TRACE2_EVENT"] = trace.events
        return (client, trace)
    }

    /// The same client, whose connection passes so many bytes to the server and the rest once the file is there.
    func pausing(after bytes: Int, until file: String) throws -> GitClient {
        let proxy = try ssh.directory.write(
            "pausing-proxy",
            """
            exec 3<>"/dev/tcp/$1/$2"
            cat <&3 &
            stdbuf -o0 head -c \(bytes) >&3
            until [ -e '\(file)' ]; do sleep 0.05; done
            cat >&3
            wait
            """)
        var client = self
        client.environment["GIT_SSH_COMMAND"] = ssh.commandLine + " -o 'ProxyCommand=/bin/bash \(proxy) %h %p'"
        return client
    }
}
