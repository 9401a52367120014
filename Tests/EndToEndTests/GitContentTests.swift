import Testing

extension EndToEnd {
    @Suite("What is pushed arrives")
    struct GitContentTests {
        @Test("a repository with thousands of objects, branches, merges and tags", .timeLimit(.minutes(2)))
        func thousands() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            // 400 commits of 10 files each, in a tree of some 2,000 files; then merges and tags.
            try await git.shell(
                """
                awk 'BEGIN {
                    for (c = 1; c <= 400; c++) {
                        printf "commit refs/heads/%s\\ncommitter Ada <ada@example.org> %d +0000\\n", \
                            c % 4 ? "main" : "side", 1700000000 + c
                        printf "data 2\\n%s\\n", "c"
                        if (c == 4) print "from refs/heads/main"
                        if (c % 100 == 1 && c > 1) print "merge refs/heads/side"
                        for (f = 0; f < 10; f++) {
                            n = (c * 7 + f * 331) % 2003
                            printf "M 100644 inline src/%d/%d/file-%d.txt\\n", n % 11, n % 37, n
                            text = ""
                            for (l = 0; l < 20; l++) text = text "line " l " of " n " in " c * (l % 3 == 0) "\\n"
                            printf "data %d\\n%s\\n", length(text), text
                        }
                    }
                }' | git fast-import --quiet
                git reset -q --hard
                git tag light HEAD~3
                git tag -a -m "A release" v1 HEAD~5
                git tag -a -m "A tag of a tag" v1-signed v1
                """)
            let count = try await git.shell("git rev-list --objects --all | wc -l").text
            #expect(Int(count.trimmed) ?? 0 > 8000, "\(count)")
            let push = try await git.push("big", flags: ["--all", "-q"])
            #expect(push.status == 0, "\(push)")
            #expect(try await git.push("big", flags: ["--tags", "-q"]).status == 0)
            try await expectSame(git, "big", site)

            // An edit of that is a small pack, as its deltas are against what is there.
            try git.write("src/1/1/more.txt", "more")
            try await git.commit("One more")
            #expect(try await git.push("big", "main").status == 0)
            let bytes = site.server.log.last { $0.message == "pack received" }?["bytes"].flatMap { Int($0) }
            #expect(bytes ?? .max < 4000)
            try await expectSame(git, "big", site, clone: "again")
        }

        @Test("deep folders, links, executable files and names of every kind")
        func oddNames() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            try await git.shell(
                #"""
                names=(
                    $'new\nline' $'tab\there' 'a b' ' leading' 'trailing ' '-rf' '--force' "it's" 'say "hi"' 'back\slash'
                    '$(touch x)' '`touch x`' ';ls' '*' '?' '[a]' '~' '#c' '%00' 'naïve ☃ 日本語' $'caf\xe9' $'\x01\x7f'
                    $'\xff\xfe' 'CON' 'a:b' '.hidden' '...' '.gitx' 'git~2' '@{0}' 'HEAD' 'refs' 'ünïcödé'
                )
                names+=("$(printf 'n%.0s' {1..255})")
                for name in "${names[@]}"; do
                    printf '%s' "$name" >"./$name"
                    mkdir "./dir-of-$(printf %s "$name" | sha1sum | cut -c1-8)"
                    printf '%s' "$name" >"./dir-of-$(printf %s "$name" | sha1sum | cut -c1-8)/$name"
                done
                deep=$(printf 'd%.0s/' {1..200})
                mkdir -p "$deep" && echo bottom >"$deep/file"
                printf '#!/bin/sh\n' >run && chmod +x run
                ln -s run to-file; ln -s "$deep" to-folder; ln -s /etc/passwd absolute
                ln -s ../../../../etc/passwd outside; ln -s nowhere dangling; ln -s $'odd\ntarget \xff' odd-target
                : >empty; head -c 3000000 /dev/urandom >random.bin; printf 'a\r\nb\r\n' >dos.txt
                git config core.autocrlf false
                """#)
            try await git.commit("Odd names")
            #expect(try await git.push("odd", "main").status == 0)
            try await expectSame(git, "odd", site)
            let tree = "git ls-tree -r -z --full-tree HEAD | sha1sum"
            let clone = try site.clone("clone")
            #expect(try await clone.shell(tree).text == git.shell(tree).text)
            try await Command(
                "/usr/bin/diff", ["-r", "--no-dereference", "--exclude=.git", git.directory, clone.directory]
            ).run().succeeded()
            for name in ["run", "empty"] {
                #expect(
                    try HostFile.mode("\(clone.directory)/\(name)") & 0o111
                        == HostFile.mode("\(git.directory)/\(name)") & 0o111)
            }
            #expect(try await clone("status", "--porcelain").isEmpty)
        }

        @Test("a submodule's link is kept as it is")
        func submodule() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            let other = "1234567890123456789012345678901234567890"
            try git.write(".gitmodules", "[submodule \"lib\"]\n\tpath = lib\n\turl = https://example.org/lib.git\n")
            try await git("add", ".gitmodules")
            try await git("update-index", "--add", "--cacheinfo", "160000,\(other),lib")
            try await git("commit", "-q", "-m", "With a submodule")
            let push = try await git.push("blog", "main")
            #expect(push.status == 0, "\(push)")
            try await git("clone", "-q", git.remote("blog"), site.directory("clone"))
            let entry = try await site.clone("clone")("ls-tree", "HEAD", "lib")
            #expect(entry == "160000 commit \(other)\tlib")
        }

        @Test("an empty commit, an empty tree and a history with two roots")
        func unusual() async throws {
            let site = try await Site.start("--executor", "none")
            let git = try await site.git()
            try await git.commit("Nothing in it")
            #expect(try await git.push("blog", "main").status == 0)
            try await git("checkout", "-q", "--orphan", "second")
            try git.write("file", "text")
            try await git.commit("Another root")
            try await git("merge", "-q", "--allow-unrelated-histories", "-m", "Two roots", "main")
            #expect(try await git.push("blog", "second:main").status == 0)
            try await git("branch", "-f", "main")
            try await git("branch", "-D", "-q", "--force", "main")
            try await git("checkout", "-q", "-b", "main")
            try await git("branch", "-D", "-q", "second")
            try await expectSame(git, "blog", site)
        }

        /// Expects the server's repository and a clone of it to be sound and the same as the work tree's.
        private func expectSame(_ git: GitClient, _ app: String, _ site: Site, clone name: String = "clone")
            async throws
        {
            let fsck = try await Command(
                "/usr/bin/git", ["-C", site.repository(app), "-c", "safe.directory=*", "fsck", "--full", "--strict"]
            ).run()
            #expect(fsck.status == 0 && !fsck.messages.contains("missing"), "\(fsck)")
            let clone = try site.clone(name)
            try await git("clone", "-q", "--mirror", git.remote(app), clone.directory + ".git")
            try await git("clone", "-q", git.remote(app), clone.directory)
            let mirror = try site.clone(name + ".git")
            let list = ["for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags"]
            let mine = try await git.command(list).run().text
            #expect(try await mirror.command(list).run().text == mine)
            #expect(
                try await mirror("rev-list", "--objects", "--all").count == git("rev-list", "--objects", "--all").count)
            try await clone("fsck", "--full", "--strict")
            #expect(try await clone("rev-parse", "HEAD") == git("rev-parse", "main"))
        }
    }
}

extension String {
    /// The text without blanks at its ends.
    fileprivate var trimmed: Substring { self[...].drop { $0 == " " } }
}
