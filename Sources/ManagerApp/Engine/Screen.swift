import RenewalKit

/// Every screen there is: the one place that knows them all. A further screen is a case here, a line below, a folder of
/// its own, and if its effects answer a case of ``ScreenReply``.
enum Screen: Sendable {
  case main(MainScreen)
  case help(HelpScreen)
  case detail(DetailScreen)
  case copy(CopyScreen)
  case compare(CompareScreen)
  case export(ExportScreen)
  case pin(PINScreen)
  case business(BusinessScreen)
  case unlock(UnlockScreen)
  case renewal(RenewalScreen)
  case log(LogScreen)
  case diagnosis(DiagnosisScreen)
  case prompt(PromptScreen)
  case service(ServiceScreen)

  var model: any ScreenModel {
    get {
      switch self {
      case .main(let screen): screen
      case .help(let screen): screen
      case .detail(let screen): screen
      case .copy(let screen): screen
      case .compare(let screen): screen
      case .export(let screen): screen
      case .pin(let screen): screen
      case .business(let screen): screen
      case .unlock(let screen): screen
      case .renewal(let screen): screen
      case .log(let screen): screen
      case .diagnosis(let screen): screen
      case .prompt(let screen): screen
      case .service(let screen): screen
      }
    }
    set { self = newValue.screen }
  }
}

/// What comes back from an effect, by the kind of screen that asked.
enum ScreenReply: Sendable {
  case detail(DetailReply)
  case copy(CopyReply)
  case export(ExportReply)
  case pin(PINReply)
  case unlock(UnlockReply)
  case renewal(RenewalReply)
  case diagnosis(DiagnosisReply)
  case prompt(PromptReply)
  case service(ServiceReply)
  /// The orders that this computer knows.
  case orders([RenewalJournal])
  /// A path that was being typed in whichever screen.
  case path(PathReply)
  /// What became of opening or printing a file.
  case file(FileReply)

  /// The screen that asked has been left.
  func missed(_ world: inout World) -> [Effect] {
    switch self {
    case .detail(let reply): return DetailScreen.missed(reply, &world)
    case .copy(let reply): return CopyScreen.missed(reply, &world)
    case .export(let reply): return ExportScreen.missed(reply, &world)
    case .pin(let reply): return PINScreen.missed(reply, &world)
    case .unlock(let reply): return UnlockScreen.missed(reply, &world)
    case .renewal(let reply): return RenewalScreen.missed(reply, &world)
    case .orders(let orders):
      world.orders = orders
      return []
    case .diagnosis(let reply): return DiagnosisScreen.missed(reply, &world)
    case .prompt(let reply): return PromptScreen.missed(reply, &world)
    case .service(let reply): return ServiceScreen.missed(reply, &world)
    case .path: return []
    case .file(let reply): return reply.told(&world)
    }
  }
}
