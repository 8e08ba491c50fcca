import CertificateKit
import DiagnosisKit
import TokenKit
import UnlockKit

@testable import ManagerApp

/// One of each kind of screen. A screen that is not here does not compile, so no table of keys goes unchecked.
enum SampleScreen: CaseIterable {
  case main, help, detail, copy, compare, export, changePIN, login, business, unlock, renewal, log, diagnosis, prompt,
    service

  init(_ screen: Screen) {
    self =
      switch screen {
      case .main: .main
      case .help: .help
      case .detail: .detail
      case .copy: .copy
      case .compare: .compare
      case .export: .export
      case .pin(let pin):
        switch pin.purpose {
        case .change, .answer: .changePIN
        case .login: .login
        case .renewal: .renewal
        }
      case .business: .business
      case .unlock: .unlock
      case .renewal: .renewal
      case .log: .log
      case .diagnosis: .diagnosis
      case .prompt: .prompt
      case .service: .service
      }
  }

  /// Opened in a window with one key.
  var screen: Screen? {
    let world = Scene.one().state.world
    func opened<Model>(_ opening: Opening<Model>) -> Screen? {
      if case .ready(let model) = opening { model.screen } else { nil }
    }
    return switch self {
    case .main: .main(MainScreen())
    case .help: .help(HelpScreen())
    case .detail: opened(DetailScreen.open(world))
    case .copy: opened(CopyScreen.open(world))
    case .compare: comparison(world)
    case .export: opened(ExportScreen.open(world))
    case .changePIN: opened(PINScreen.change(world))
    case .login: opened(PINScreen.login(world))
    case .business: .business(BusinessScreen(world))
    case .unlock: opened(UnlockScreen.open(world))
    case .renewal: opened(RenewalScreen.open(world, .renew))
    case .log: .log(LogScreen())
    case .diagnosis: .diagnosis(DiagnosisScreen())
    case .prompt: PagePrompt.permission().map { .prompt(PromptScreen(1, $0, isAlone: true)) }
    case .service: .service(ServiceScreen())
    }
  }

  /// The two certificates of the key.
  private func comparison(_ world: World) -> Screen? {
    var world = world
    let places = world.slots.first?.snapshot?.places ?? []
    guard places.count > 1 else { return nil }
    world.marked = .entry(places[0].source, places[0].path)
    world.select(.entry(places[1].source, places[1].path))
    if case .ready(let model) = CompareScreen.open(world) { return model.screen }
    return nil
  }

  /// Where its sources are.
  var folder: String {
    switch self {
    case .main: "Main"
    case .help: "Help"
    case .detail: "Detail"
    case .copy: "Copy"
    case .compare: "Compare"
    case .export: "Export"
    case .changePIN, .login: "PIN"
    case .business: "Business"
    case .unlock: "Unlock"
    case .renewal: "Renewal"
    case .log: "Log"
    case .diagnosis: "Diagnosis"
    case .prompt: "Prompt"
    case .service: "Service"
    }
  }

  /// As the manual calls it.
  var title: String {
    switch self {
    case .main: "main window 主窗口"
    case .help: "help 帮助"
    case .detail: "details 详情"
    case .copy: "copy 复制"
    case .compare: "compare 对比"
    case .export: "export 导出"
    case .changePIN: "change PIN 修改密码"
    case .login: "login self-test 登录自检"
    case .business: "business 办业务"
    case .unlock: "request 业务申请"
    case .renewal: "new certificate 换发证书"
    case .log: "log 日志"
    case .diagnosis: "diagnosis 故障诊断"
    case .prompt: "a page's request 网页请求"
    case .service: "key service 密钥服务"
    }
  }
}
