import ArgumentParser
import Base
import Failures
import Glibc
import LoginToken
import Platform

private func say(_ text: String) {
  let bytes = Array((text + "\n").utf8)
  _ = write(STDOUT_FILENO, bytes, bytes.count)
}

@Sendable private func log(_ text: String) {
  let bytes = Array((text + "\n").utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}

@Sendable private func clock() -> Int64 { Int64(time(nil)) }

private struct DataOption: ParsableArguments {
  @Option(help: ArgumentHelp("Folder of the database, the outbox and the demonstration's keys.", valueName: "folder"))
  var data = "platform-data"

  var file: String { data + "/platform.sqlite" }
  var outbox: String { data + "/outbox" }
}

private struct SettingsOption: ParsableArguments {
  @Option(help: ArgumentHelp("Settings file; see Docs/platform.md.", valueName: "file"))
  var config: String?

  func read() throws -> PlatformSettings {
    var settings = PlatformSettings()
    guard let config else { return settings }
    let bytes = try readFile(config, limit: 1 << 20, followsLinks: true)
    let mistakes = settings.read(bytes, file: config)
    guard mistakes.isEmpty else { throw Stop(description: mistakes.map(\.description).joined(separator: "\n")) }
    var state = stat()
    if settings.holdsPassword, stat(config, &state) != 0 || state.st_mode & 0o077 != 0 {
      throw Stop(description: "\(config): holds a password, and others may read it (chmod 600)")
    }
    return settings
  }
}

/// A reason to stop, in words.
private struct Stop: Error, CustomStringConvertible {
  var description: String
}

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "run", abstract: "Serve the platform until Ctrl-C.")

  @OptionGroup fileprivate var data: DataOption
  @OptionGroup fileprivate var config: SettingsOption

  @Flag(help: "With authorities of its own, made in the data folder: for trying it on this computer.")
  var demo = false

  @Option(help: "Port instead of the settings'; 0 takes any.")
  var port: Int?

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    umask(0o077)
    var settings = try config.read()
    if let port { settings.listenPort = port }
    if demo {
      let made = Demonstration(data: data.data)
      try made.prepare(now: clock())
      settings.certificate = settings.certificate ?? made.certificate
      settings.key = settings.key ?? made.key
      settings.trust = settings.trust ?? made.trust
      settings.origin = settings.origin ?? WebOrigin("https://localhost:\(settings.listenPort)")
    }
    guard let certificate = settings.certificate, let key = settings.key, let origin = settings.origin else {
      throw Stop(description: "the settings have to name: origin, certificate, key (or use --demo)")
    }
    for folder in [data.data, data.outbox] where mkdir(folder, 0o700) != 0 && errno != EEXIST {
      throw Stop(description: "\(folder): mkdir, errno \(errno)")
    }
    var configuration = SiteConfiguration(origin: origin)
    configuration.isDemo = demo
    settings.apply(to: &configuration)
    guard let sender = settings.sender(folder: data.outbox) else {
      throw Stop(description: "sms-url, sms-header: not understood")
    }
    try await serve(
      configuration, settings.place(file: data.file), sender,
      ServerPlace(host: settings.listenHost, port: settings.listenPort, certificate: certificate, key: key))
  }

  private func serve(
    _ configuration: SiteConfiguration, _ records: DatabasePlace, _ sender: any MessageSender, _ place: ServerPlace
  ) async throws {
    let open = { () throws(DatabaseError) in try Store(records, now: clock()) }
    let store = try open()
    try store.completeSearch()
    if try store.administrators().isEmpty {
      let (administrator, password) = try Administrator.make("admin", configuration.passwordCost, now: clock())
      if try store.add(administrator) {
        say("administrator 管理员: admin  password 密码: \(password)  (shown once 只显示一次)")
      }
    }
    let site = try Site(configuration, store: store, clock: clock, log: log)
    let server = try PlatformServer(site, threads: max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN))), open: open)
    let housekeeper = Housekeeper(
      try open(), sender: sender, hotline: configuration.hotline, clock: clock, log: log)
    guard let housekeeper else { throw Stop(description: "no thread for the outbox") }
    let origin = configuration.origin.description
    let folder = data.data
    let isDemo = demo
    try await server.run(place) { port in
      if isDemo {
        say("trust in the browser for the time of the demonstration 演示期间让浏览器信任: \(folder)/tls/authority.pem")
        say("messages 短信: \(folder)/outbox")
      }
      say("ready \(origin) port \(port)")
    }
    housekeeper.end()
  }
}

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Check the chain of the audit; exit code 1 when it is broken.")

  @OptionGroup fileprivate var data: DataOption
  @OptionGroup fileprivate var config: SettingsOption

  func run() throws {
    let store = try Store(config.read().place(file: data.file), now: clock())
    switch try store.verifyAudit() {
    case .whole(let rows, let head): say("whole 完整: \(rows) rows, head \(head)")
    case .broken(let seq):
      say("broken 断裂: row \(seq)")
      throw ExitCode(1)
    }
  }
}

struct DemoKeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo-key", abstract: "Make a software key with certificates of the demonstration's CA.",
    discussion: "Run it in a virtual reader by: ukey soft-token --dir FOLDER")

  @OptionGroup fileprivate var data: DataOption

  @Option(help: "Owner of the certificates.")
  var name = "深圳市示例建设工程有限公司"

  @Option(help: "统一社会信用代码.")
  var code = "9144030071526726XG"

  @Option(help: "Days from now on which they begin; may be negative.")
  var begins: Int64 = -30

  @Option(help: "Days from now on which they end.")
  var ends: Int64 = 365

  @Argument(help: "Folder of the key; made anew.")
  var folder: String

  func validate() throws {
    guard (-36_500...36_500).contains(begins), (-36_500...36_500).contains(ends) else {
      throw ValidationError("--begins and --ends take days from -36500 to 36500")
    }
  }

  func run() throws {
    let holder = Demonstration.Holder(name: name, uscc: code, begins: begins, ends: ends)
    try Demonstration(data: data.data).makeKey(holder, in: folder, now: clock())
    say("\(name) \(code): \(folder)")
  }
}
