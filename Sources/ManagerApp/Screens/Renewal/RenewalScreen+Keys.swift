import Failures
import RenewalKit
import TerminalKit
import TokenKit
import UnlockKit
import Wording

extension RenewalScreen {
  /// The keys follow the phase.
  enum Mode: CaseIterable { case busy, plan, resume, answer, review, differs, installed, removing, done }

  enum Action: Hashable {
    case submit, agree, paper, startOver, addPart, complete, remove, openForm, printForm
    case scroll(Motion)
  }

  var mode: Mode {
    switch phase {
    case .looking, .reading: .busy
    case .plan: .plan
    case .standing: asksForAnswer ? .answer : .resume
    case .stopped: .resume
    case .review: answer?.checked.differences.isEmpty == false ? .differs : .review
    case .installed: .installed
    case .removing: .removing
    case .closed: .done
    }
  }

  /// Where a text is typed no letter and no digit: those belong to it.
  func bindings(_ mode: Mode) -> [Binding<Action>] {
    func words(_ word: @escaping @Sendable (RenewalScreenWords) -> String) -> @Sendable (Words) -> String {
      { word(RenewalScreenWords[$0.language]) }
    }
    func enter(_ word: @escaping @Sendable (Words) -> String) -> Binding<Action> {
      Binding("Enter", [.enter], .submit, rank: 0, word)
    }
    func letter(
      _ scalar: Unicode.Scalar, _ action: Action, rank: Int, _ word: @escaping @Sendable (RenewalScreenWords) -> String
    ) -> Binding<Action> {
      Binding(String(scalar), [.character(scalar)], action, rank: rank, words(word))
    }
    let anew = Binding<Action>("F9", [.function(9)], .startOver, rank: 5, words { $0.newOrder })
    // As letters they would belong to the field.
    let form: [Binding<Action>] = [
      Binding("F6", [.function(6)], .openForm, rank: 3) { UnlockWords[$0.language].openForm },
      Binding("F7", [.function(7)], .printForm, rank: 3) { UnlockWords[$0.language].printForm },
    ]
    let own: [Binding<Action>] =
      switch mode {
      case .busy: []
      case .plan: [enter(words { $0.fillIn }), letter("w", .paper, rank: 2) { $0.paperOnly }]
      case .resume:
        [enter(phase == .standing ? words { $0.begin } : words { $0.look }), anew]
      case .answer:
        [
          enter(words { $0.readAnswer }),
          Binding("Tab", [.tab], .complete, rank: 2) { UnlockWords[$0.language].completePath }, anew,
        ] + (made?.form == nil ? [] : form)
      case .review: [enter(words { $0.write }), letter("a", .addPart, rank: 2) { $0.addPart }]
      case .differs: [letter("y", .agree, rank: 0) { $0.agree }, letter("a", .addPart, rank: 2) { $0.addPart }]
      case .installed: [enter(words { $0.login }), letter("d", .remove, rank: 2) { $0.remove }, anew]
      case .removing: [enter { $0.confirm }]
      case .done: []
      }
    let pages: [Binding<Action>] = [
      Binding("PgUp", [.pageUp], .scroll(.pageUp)) { $0.pageUp },
      Binding("PgDn", [.pageDown], .scroll(.pageDown)) { $0.pageDown },
    ]
    let back: Binding<Action> = mode == .done ? .back("Enter Esc", [.enter, .escape], rank: 0) : .back()
    return [.help(rank: 4)] + own + pages + [back, .quit()] + Binding.common
  }

  func availability(_ action: Action, _ world: World) -> Availability {
    let words = RenewalScreenWords[world.language]
    switch action {
    case .agree, .paper, .startOver, .addPart, .complete, .scroll: return .available
    case .openForm: return canOpen ? .available : .unavailable(UnlockWords[world.language].cannotOpen)
    case .printForm: return canPrint ? .available : .unavailable(UnlockWords[world.language].cannotPrint)
    case .remove: return journal?.oldContainer == nil ? .unavailable(words.noOld) : .available
    case .submit:
      guard phase == .installed else { return .available }
      return newPlace(world) == nil ? .unavailable(words.notRead) : .available
    }
  }

  mutating func perform(_ action: Action, _ world: inout World) -> Step {
    switch action {
    case .submit: return submit(world)
    case .agree:
      // Nobody agrees to what stands below the window: the rest comes first.
      let picture = RenewalPicture(renewal: self, world: world)
      let before = scroll
      scroll.move(.pageDown, page: picture.room, count: picture.lines.count)
      return scroll == before ? askPIN(.install) : .stay
    case .paper:
      if case .ready(let form) = UnlockScreen.open(world, kind) { return .replace(form) }
    case .startOver:
      isNew = true
      (phase, failure, files, made) = (.plan, nil, nil, nil)
    case .addPart: (phase, parts, field) = (.standing, answer?.files ?? [], TextField(""))
    case .complete: return .ask(.completePath(field.text, ending: nil))
    case .openForm, .printForm:
      guard let form = made?.form else { return .stay }
      return .ask(action == .openForm ? .openFile(form) : .printFile(form))
    case .remove: (phase, word, failure, scroll) = (.removing, TextField(""), nil, Scroll())
    case .scroll(let motion):
      let picture = RenewalPicture(renewal: self, world: world)
      scroll.move(motion, page: picture.room, count: picture.lines.count)
    }
    return .stay
  }

  private mutating func submit(_ world: World) -> Step {
    switch phase {
    case .plan:
      guard case .ready(var form) = UnlockScreen.open(world, kind) else { return .stay }
      form.renewal = self
      return .replace(form)
    case .standing:
      if let task { return askPIN(task) }
      guard let journal, !field.text.isEmpty else { return .stay }
      (phase, failure) = (.reading, nil)
      return .ask(.readAnswer(journal, files: parts + [field.text]))
    case .review: return askPIN(.install)
    case .installed:
      guard let snapshot = world.slot(source)?.snapshot, let place = newPlace(world), let key = place.signingKey
      else { return .stay }
      return .push(PINScreen.login(snapshot, key, place.role, world))
    case .removing:
      if RenewalScreenWords.isRemoval(word.text) { return askPIN(.remove) }
      word = TextField("")
      wordDiffers = true
      return .stay
    case .stopped:
      (phase, failure) = (.looking, nil)
      return .ask(.lookForRenewal(query))
    case .closed: return .pop
    case .looking, .reading: return .stay
    }
  }

  /// The new certificate as the key shows it by now.
  private func newPlace(_ world: World) -> CertificatePlace? {
    guard let der = journal?.signature else { return nil }
    return world.slot(source)?.snapshot?.places.first { $0.certificate.value?.der == der && $0.signingKey != nil }
  }

  mutating func press(_ key: Key, _ world: inout World) -> Step {
    switch phase {
    case .standing where asksForAnswer: _ = field.handle(key)
    case .removing: _ = word.handle(key)
    default: return .stay
    }
    failure = nil
    wordDiffers = false
    return .stay
  }

  mutating func point(_ mouse: Key.Mouse, _ world: inout World) -> Step {
    if let motion = Motion(mouse.button) { return perform(.scroll(motion), &world) }
    return .stay
  }

  /// One level a press.
  mutating func goBack(_ world: inout World) -> Step {
    switch phase {
    case .review: (phase, answer, parts) = (.standing, nil, [])
    case .standing where !parts.isEmpty: (parts, failure) = ([], nil)
    case .removing: (phase, failure) = (.installed, nil)
    case .plan where isNew && journal != nil:
      isNew = false
      rephase()
    case .looking, .plan, .standing, .reading, .installed, .closed, .stopped: return .pop
    }
    scroll = Scroll()
    return .stay
  }
}
