import Glibc
import Testing

extension EndToEnd {
    @Suite("What builds can reach")
    struct BuildSandboxTests {
        @Test("a build cannot write outside its directory")
        func writing() async throws {
            let site = try await Site.start()
            let git = try await site.git(
                building: """
                    for place in / /usr /usr/bin /etc /opt /var /home /root /dev /proc /sys /run; do
                      if touch "$place/written" 2>/dev/null; then echo "WROTE $place"; fi
                    done
                    # Some of these are there, but as folders of the build's own: looked at from outside, below.
                    for place in '\(site.directory.path)' '\(site.directory("data"))' '\(site.directory("data/workspaces"))'; do
                      mkdir -p "$place" 2>/dev/null; touch "$place/written" 2>/dev/null
                    done
                    for file in /etc/passwd /etc/hosts /proc/sys/kernel/core_pattern /proc/sysrq-trigger; do
                      if ( : >> "$file" ) 2>/dev/null; then echo "OPENED $file"; fi
                    done
                    mknod "$HOME/device" b 8 0 2>/dev/null && echo "MADE A DEVICE"
                    mount -t tmpfs none "$HOME" 2>/dev/null && echo "MOUNTED"
                    for place in "$HOME" "$SLIPWAY_SOURCE" "$SLIPWAY_OUTPUT" "$TMPDIR" /tmp /var/tmp; do
                      touch "$place/written" || echo "COULD NOT WRITE $place"
                    done
                    echo done
                    """)
            let push = try await git.push("blog", "main").succeeded()
            #expect(push.messages.contains("remote: done"))
            #expect(!push.messages.contains(/WROTE|OPENED|MADE|MOUNTED|COULD NOT/), "\(push)")
            let written = try HostFile.paths(below: site.directory.path).filter { $0.hasSuffix("written") }
            #expect(written.isEmpty)
        }

        @Test("a build sees its own processes only, and cannot signal others")
        func processes() async throws {
            let site = try await Site.start()
            let git = try await site.git(
                building: """
                    for process in /proc/[0-9]*; do
                      tr '\\0' ' ' < $process/cmdline; echo
                    done > seen
                    cat seen
                    if grep -e 'serve --' -e sshd -e swift seen; then echo "SAW THE SERVER"; fi
                    if kill -0 \(site.server.process.id) 2>/dev/null; then echo "COULD SIGNAL IT"; fi
                    kill -KILL -1 2>/dev/null
                    echo done
                    """)
            let push = try await git.push("blog", "main").succeeded()
            #expect(push.messages.contains("remote: done"))
            #expect(!push.messages.contains(/SAW|COULD/), "\(push)")
            #expect(site.server.process.ending == nil)
        }

        @Test("a build sees nothing of the server's data, nor of other builds")
        func data() async throws {
            let site = try await Site.start()
            let other = try await site.git("other", building: "echo secret > secret\n\(GitClient.waitForLeave)")
            let running = try other.startPush("other", "main")
            try await running.says("Running .slipway/build")
            let data = site.directory("data")
            let git = try await site.git(
                building: """
                    ls -R '\(data)' 2>&1
                    cat '\(data)'/host-keys/* '\(site.directory("access.yaml"))' '\(data)'/workspaces/*/source/secret 2>&1
                    find / -xdev \\( -name ssh_host_rsa_key -o -name access.yaml -o -name secret \\) 2>/dev/null \
                      | grep . && echo FOUND
                    echo done
                    """)
            let push = try await git.push("blog", "main").succeeded()
            #expect(push.messages.contains("remote: done"))
            #expect(!push.messages.contains(/FOUND|PRIVATE KEY|repositories|users:/), "\(push)")
            #expect(push.messages.split(separator: "\n").allSatisfy { $0 != "remote: secret" })
            try site.giveLeave()
            try await running.result().succeeded()
        }

        @Test("a build gets neither the server's environment nor its descriptors")
        func inheritance() async throws {
            let site = try await WrappedSite.start(environment: ["TEST_SECRET": "hunter2", "HOME": "/root"]) {
                // A descriptor that the server itself was left with, past the three.
                ["/bin/sh", "-c", "exec 7</etc/hostname; exec \"$@\"", "sh"] + $0
            }
            let git = try await site.git()
            try git.writeBuild(
                """
                cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep -e hunter2 -e SECRET && echo LEAKED
                env | sort | cut -d= -f1 | tr '\\n' ' ' | sed 's/^/names: /'; echo
                find /proc/1/fd /proc/$$/fd -type l -printf 'descriptor %f: %l\\n'
                """)
            try await git.commit()
            let push = try await git.push("blog", "main").succeeded()
            #expect(!push.messages.contains("LEAKED"), "\(push)")
            let names = try #require(push.messages.firstMatch(of: /names: (.*?) *\n/)).1.split(separator: " ")
            // The last ones are bash's own.
            #expect(
                Set(names) == [
                    "CI", "HOME", "LANG", "PATH", "SLIPWAY_APP", "SLIPWAY_BUILD_ID", "SLIPWAY_COMMIT",
                    "SLIPWAY_OUTPUT", "SLIPWAY_REF", "SLIPWAY_SOURCE", "TERM", "TMPDIR", "PWD", "SHLVL", "_",
                ])
            let open = push.messages.matches(of: /descriptor (\d+): (\S+)/).map { (Int($0.1) ?? -1, String($0.2)) }
            #expect(!open.isEmpty)
            for (number, target) in open {
                // 255 is where bash keeps its script.
                let isOwn = number == 255 && target.hasSuffix("/.slipway/build")
                let isStandard = number <= 2 && (target == "/dev/null" || target.hasPrefix("pipe:"))
                #expect(isOwn || isStandard, "\(number) \(target)")
            }
        }

        @Test("a build of a server that is root is not root, and has no capabilities", .enabled(if: geteuid() == 0))
        func identity() async throws {
            let site = try await Site.start()
            let git = try await site.git(
                building: "echo \"user $(id -u) group $(id -G)\"; grep -e Cap -e NoNewPrivs /proc/self/status")
            let push = try await git.push("blog", "main").succeeded()
            #expect(push.messages.contains("user 65534 group 65534"), "\(push)")
            #expect(push.messages.contains(/CapEff:\s+0000000000000000/))
            #expect(push.messages.contains(/NoNewPrivs:\s+1/))
        }

        @Test("a build has the network, unless it is taken away", arguments: ["on", "none"])
        func network(setting: String) async throws {
            let site = try await Site.start("--local-network", setting)
            let git = try await site.git(
                building: """
                    tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' ' | tr '\\n' ' ' | sed 's/^/interfaces: /'; echo
                    if (exec 3<>/dev/tcp/127.0.0.1/\(site.server.sshPort) && head -c 8 <&3) 2>/dev/null; then
                      echo; echo reached; else echo "not reached"; fi
                    """)
            let push = try await git.push("blog", "main").succeeded()
            #expect(push.messages.contains(setting == "on" ? "remote: reached" : "remote: not reached"), "\(push)")
            if setting == "none" { #expect(push.messages.contains(/interfaces: lo *\n/)) }
        }

        @Test("limits hold: processes, and the size of a file")
        func limits() async throws {
            let site = try await Site.start("--local-max-processes", "40", "--local-max-file-size", "1MiB")
            let git = try await site.git(
                building: """
                    (head -c 3M /dev/zero > large) 2>/dev/null; echo "size $(stat -c %s large)"
                    # Not bash, which tries for long to fork when it cannot; exec, to count without a fork.
                    /bin/dash -c 'trap "set -- /proc/[0-9]*; echo processes \\$#" EXIT
                      for i in 1 2 3 4 5 6 7 8; do for j in 1 2 3 4 5 6 7 8 9 10; do sleep 30 & done; done' || true
                    """)
            let push = try await git.push("blog", "main").succeeded()
            #expect(push.messages.contains("size 1048576"), "\(push)")
            let count = try #require(push.messages.firstMatch(of: /processes (\d+)/).flatMap { Int($0.1) })
            #expect(count > 20 && count <= 42, "\(count) processes")
        }

        @Test(
            "without bubblewrap, pushes are refused and the log says what to install, unless the sandbox was given up",
            .enabled(if: geteuid() == 0))
        func withoutBubblewrap() async throws {
            let hidden = WrappedSite.without("bwrap")
            let site = try await WrappedSite.start(wrap: hidden)
            let git = try await site.git()
            try git.writeBuild("echo it runs")
            try await git.commit()
            let push = try await git.push("blog", "main")
            #expect(push.status == 128)
            #expect(push.messages.contains("blog can't be built right now: the build executor is down"), "\(push)")
            #expect(push.messages.contains("bubblewrap is not installed on its machine"), "\(push)")
            // What to do about it is for whoever reads the log.
            try await eventually("the log says what to install", within: .seconds(20)) {
                site.text.contains("apt-get install bubblewrap")
            }
            #expect(!push.messages.contains("it runs"))
            // Not even its repository was made.
            let fetch = try await git.run("ls-remote", git.remote("blog"))
            #expect(fetch.messages.contains("there is no app blog yet"), "\(fetch)")

            let trusting = try await WrappedSite.start("--local-sandbox", "none", wrap: hidden)
            let same = GitClient(directory: git.directory, ssh: trusting.ssh)
            #expect(try await same.push("blog", "main").succeeded().messages.contains("remote: it runs"))
        }
    }
}
