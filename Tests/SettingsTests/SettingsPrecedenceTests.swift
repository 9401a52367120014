import Testing

@testable import Settings

@Suite("Where settings come from")
struct SettingsPrecedenceTests {
    private static let file = "# mine\nssh:\n  port: 3\n  address: [127.0.0.1, '::1']\nhealth.port: 4\n"

    private func line(_ key: String, _ settings: Settings) -> String? {
        settings.describe().first { $0.hasPrefix("\(key) = ") }
    }

    @Test("flag beats environment beats file beats default, and each is named")
    func precedence() throws {
        let environment = ["SLIPWAY_SSH_PORT": "2", "PATH": "/bin"]
        let all = try load(["--ssh-port", "1"], environment: environment, file: Self.file)
        #expect(all.ssh.port == 1)
        #expect(line("ssh.port", all) == "ssh.port = 1   (--ssh-port)")
        let two = try load(environment: environment, file: Self.file)
        #expect(two.ssh.port == 2)
        #expect(line("ssh.port", two) == "ssh.port = 2   (SLIPWAY_SSH_PORT)")
        let one = try load(file: Self.file)
        #expect(one.ssh.port == 3)
        #expect(line("ssh.port", one) == "ssh.port = 3   (slipway.yaml:3)")
        #expect(line("ssh.address", one) == "ssh.address = 127.0.0.1,::1   (slipway.yaml:4)")
        #expect(one.ssh.addresses == ["127.0.0.1", "::1"])
        #expect(line("health.port", one) == "health.port = 4   (slipway.yaml:5)")
        #expect(line("ssh.port", try load()) == "ssh.port = 2223   (default)")
        #expect(line("access-file", try load()) == "access-file = ./slipway-data/access.yaml   (default)")
    }

    @Test("the file is named by flag before variable")
    func configFlag() throws {
        let settings = try load(
            ["--config=slipway.yaml"], environment: ["SLIPWAY_CONFIG": "other.yaml"], file: Self.file)
        #expect(settings.config == "slipway.yaml")
        #expect(settings.ssh.port == 3)
    }

    @Test("every setting of the table is read, described, and has its own flag and variable")
    func complete() throws {
        let keys = SettingsTable.settings.map(\.key)
        #expect(Set(keys).count == keys.count)
        #expect(Set(SettingsTable.settings.map(\.flag)).count == keys.count)
        #expect(Set(SettingsTable.settings.map(\.variable)).count == keys.count)
        let settings = try load()
        #expect(Set(settings.entries.keys) == Set(keys))
        #expect(settings.describe().count == keys.count)
    }

    @Test("every setting can be given in each of the three ways", arguments: SettingsTable.settings)
    func everyWay(setting: SettingDefinition) throws {
        let sample = ["config": "slipway.yaml", "ssh.public-url": "ssh://h", "local.readonly-paths": "/usr,/opt"]
        let text = sample[setting.key] ?? setting.defaultText
        let value = text.hasPrefix("<") ? "/somewhere" : text
        #expect(
            line(setting.key, try load([setting.flag, value], file: ""))
                == "\(setting.key) = \(value)   (\(setting.flag))")
        #expect(
            line(setting.key, try load(environment: [setting.variable: value], file: ""))
                == "\(setting.key) = \(value)   (\(setting.variable))")
        guard setting.key != "config" else { return }
        #expect(
            line(setting.key, try load(file: "\(setting.key): \"\(value)\""))
                == "\(setting.key) = \(value)   (slipway.yaml:1)")
    }

    @Test("the help names every flag, variable, default and meaning")
    func help() {
        for setting in SettingsTable.settings {
            #expect(SettingsTable.help.contains("  \(setting.flag) \(setting.placeholder)\n"))
            #expect(SettingsTable.help.contains("      \(setting.variable)"))
            #expect(SettingsTable.help.contains(setting.help))
        }
        #expect(SettingsTable.help.contains("(default: 2223)"))
        #expect(SettingsTable.help.split(separator: "\n").allSatisfy { $0.count <= 120 })
    }

    @Test("an empty settings file, and one with an empty group, say nothing", arguments: ["", "# none", "ssh:\n"])
    func emptyFile(text: String) throws {
        #expect(try load(file: text).ssh.port == 2223)
    }

    @Test("words that YAML would turn into other things are taken as written")
    func plainWords() throws {
        #expect(try load(file: "local: {network: on}").local.network == .on)
        #expect(try load(file: "deploy-branches: [yes, 1.0]").deployBranches == ["yes", "1.0"])
    }
}
