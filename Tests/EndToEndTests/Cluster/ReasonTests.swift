import Glibc
import Testing

extension ClusterTests {
    @Suite("Why a build waits or failed")
    struct ReasonTests {
        @Test("every reason is provoked, and told in words")
        func reasons() async throws {
            let site = try await Installation.ready()
            let slow = TestBed.isHere ? try TestBed.pid(of: "registry") : nil
            if TestBed.isHere {
                _ = try await TestBed.publish("local.test/busybox:1", as: Trouble.slowPull.pulledName(site.run))
            }
            // What pods of one app take for the bucket: it has nothing.
            let directory = try TemporaryDirectory()
            let empty = try ChildProcess(
                "/usr/bin/env",
                ["python3", "-m", "http.server", "8333", "--bind", TestBed.isHere ? TestBed.host : "127.0.0.1"],
                environment: Command.cleanEnvironment, directory: directory.path, output: directory("empty.log"))
            defer { empty.signalGroup(SIGKILL) }
            // They wait for different things, so all at once; the clients are few enough for any machine.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for trouble in Trouble.possible where trouble != .slowPull {
                    group.addTask { try await provoke(trouble, site) }
                }
                try await group.waitForAll()
            }
            guard let slow else { return }
            // Alone: while the registry stands still, no other image comes either.
            kill(slow, SIGSTOP)
            defer { kill(slow, SIGCONT) }
            try await provoke(.slowPull, site) { push in
                try await push.isTold(Trouble.slowPull.words(site.run)[0])
                kill(slow, SIGCONT)
            }
        }

        /// Pushes to the app of a trouble, and holds what is told against what should be.
        private func provoke(
            _ trouble: Trouble, _ site: Installation, meanwhile: (RunningCommand) async throws -> Void = { _ in }
        ) async throws {
            let app = site.app(trouble.rawValue)
            // busybox, of which one image is made, has no bash.
            let git = try await site.git(trouble.rawValue, building: "true")
            try git.write(".slipway/build", "#!/bin/sh\n\(trouble.script)\n", executable: true)
            let commit = try await git.commit()
            let start = ContinuousClock.now
            let push = try git.startPush(app, "main")
            try await meanwhile(push)
            try await strike(trouble, app, site, push)
            switch trouble.end {
            case .cancelled:
                for word in trouble.words(site.run) {
                    do { try await push.isTold(word) } catch {
                        Issue.record("\(trouble): \(error)")
                    }
                }
                push.process.signalGroup(SIGINT)
                try await site.builds.areGone(app, within: .seconds(60))
                #expect(try await git.remoteMain(app) == nil)
            case .outcome(let outcome):
                let result = try await push.result(within: .seconds(150))
                let account = await site.builds.kubectl.account()
                for word in trouble.words(site.run) {
                    #expect(result.messages.contains(word), "\(trouble): \(result)\n\(account)")
                }
                let record = try await site.store().record(of: app)
                #expect(record.outcome == outcome, "\(trouble): \(record)")
                #expect((result.status == 0) == (outcome == "succeeded"), "\(trouble): \(result)")
                #expect(try await git.remoteMain(app) == (outcome == "succeeded" ? commit : nil))
            }
            print("\(trouble.rawValue): told within \(ContinuousClock.now - start)")
        }

        /// Does to a running build what its trouble is.
        private func strike(_ trouble: Trouble, _ app: String, _ site: Installation, _ push: RunningCommand)
            async throws
        {
            let kubectl = site.builds.kubectl
            guard [.deadline, .jobDeleted, .podDeleted].contains(trouble) else { return }
            try await push.isTold("remote: here", within: .seconds(120))
            let job = try #require(try await site.builds.jobs(of: app).first)
            switch trouble {
            // As if the time were over: the controller ends it.
            case .deadline:
                try await kubectl("patch", "job", job.name, "-p", "{\"spec\": {\"activeDeadlineSeconds\": 1}}")
            case .jobDeleted: try await kubectl("delete", "job", job.name, "--wait=false")
            default: try await kubectl("delete", "pod", site.builds.running(app).name, "--wait=false")
            }
        }
    }
}
