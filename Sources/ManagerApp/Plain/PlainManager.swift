package import Failures
import Glibc
import TerminalKit
package import TokenKit
import Wording

/// Runs the manager as a dialogue of lines (`--plain`) on standard input and output, terminal or not, and gives the exit
/// status: 0 also at the end of the input, else as ``runManager(source:operations:options:)``.
///
/// - Parameter isInstead: the terminal cannot show the window: said first.
package func runPlainManager(
  source: any KeyEventSource, operations: any KeyOperations, options: ManagerOptions, isInstead: Bool = false
) throws(Failure) -> Int32 {
  let charset = Charset.fromEnvironment()
  if charset != .utf8 { KeyNames.keepShowable() }
  let mailbox = try Mailbox<Event>()
  let terminal = try LineTerminal(charset: charset)
  // Nothing is drawn: what is told is as long as it is.
  var world = World(options, charset, size: Size(width: Frame.limit, height: Frame.limit))
  // Values are shown; the clipboard is the desktop's, no terminal is asked.
  world.isRemote = false
  world.hasClipboard = Clipboard.isThere
  let lead = isInstead ? [PlainWords[world.language].instead] : []
  var run = PlainRun(
    dialogue: PlainDialogue(State(world), lead: lead), loop: LineLoop(terminal, mailbox), terminal: terminal,
    runner: EffectRunner(source: source, operations: operations, options: options) { mailbox.post($0) },
    options: options)
  source.start { mailbox.post(.source($0)) }
  options.keyService?.begin { mailbox.post(.keyService($0)) }
  let code = run.go()
  options.keyService?.end()
  terminal.close()
  // Its threads may wait for a card that does not answer: the user has the terminal back before.
  source.stop()
  note(terminal.capturedErrors)
  return code
}

private struct PlainRun {
  var dialogue: PlainDialogue
  let loop: LineLoop<Event>
  let terminal: LineTerminal
  let runner: EffectRunner
  let options: ManagerOptions

  /// The line that is being answered; never a secret.
  private var text: [Unicode.Scalar] = []
  private var isCut = false
  private var key: Key?
  private var log = LogCopy()
  /// Was asked last; `nil`: has been answered.
  private var asked: PlainDialogue.Question?

  init(
    dialogue: PlainDialogue, loop: LineLoop<Event>, terminal: LineTerminal, runner: EffectRunner,
    options: ManagerOptions
  ) {
    self.dialogue = dialogue
    self.loop = loop
    self.terminal = terminal
    self.runner = runner
    self.options = options
  }

  mutating func go() -> Int32 {
    let code = listen()
    // After a signal too: no way out passes it by.
    dialogue.wipe()
    terminal.write(dialogue.tell() + [PlainWords[dialogue.state.world.language].ended])
    return code
  }

  private mutating func listen() -> Int32 {
    tell()
    while true {
      var input: LineInput<Event>? = loop.next()
      // All that is there is taken before anything is told; an answer ends it, as the next question may be another.
      var budget = 256
      while let current = input {
        dialogue.setNow(options.now())
        switch current {
        case .key(let key):
          if take(key) { budget = 0 }
        case .event(let event): carryOut(dialogue.take(event))
        case .interrupt: carryOut(dialogue.take(.key(.control("c"))))
        case .stopping: carryOut(dialogue.take(.stopping))
        case .resumed:
          carryOut(dialogue.take(.resumed))
          asked = nil
        case .ending(let signal): return 128 + signal
        case .hangUp: return 128 + SIGHUP
        case .endOfInput:
          if text.isEmpty, key == nil, !isSecret { return 0 }
          _ = take(.enter)
          budget = 0
        }
        log.copy(dialogue.state.world, options)
        if let code = dialogue.state.exitCode { return code }
        budget -= 1
        input = budget > 0 ? loop.nextIfReady() : nil
      }
      tell()
    }
  }

  private var isSecret: Bool { dialogue.hasSecret }

  /// Tells what is new, and asks.
  private mutating func tell() {
    let lines = dialogue.tell()
    terminal.write(lines)
    let question = dialogue.question
    if case .secret = asked, asked != question { terminal.dropUnfinished() }
    if question == .none {
      if asked != nil { terminal.stopAsking() }
      asked = nil
      return
    }
    if lines.isEmpty, asked == question { return }
    if asked != question { (text, key, isCut) = ([], nil, false) }
    asked = question
    let isSecret = if case .secret = question { true } else { false }
    terminal.ask(dialogue.prompt, isSecret ? .secret : .text)
  }

  /// A key of the answer. - Returns: whether it ended it.
  private mutating func take(_ key: Key) -> Bool {
    if case .secret = dialogue.question {
      carryOut(dialogue.type(key))
    } else if key == .enter {
      let line = String(String.UnicodeScalarView(text))
      let alone = text.isEmpty ? self.key : nil
      let wasCut = isCut
      (text, self.key, isCut) = ([], nil, false)
      if wasCut { dialogue.refuseLine() } else { carryOut(dialogue.answer(line, key: alone)) }
    } else if case .character(let scalar) = key {
      if text.count < Self.limit { text.append(scalar) } else { isCut = true }
    } else {
      self.key = key
    }
    if key == .enter {
      terminal.stopAsking()
      asked = nil
    }
    return key == .enter
  }

  /// Characters of a line: as many as a terminal takes in one.
  private static let limit = 4096

  private func carryOut(_ requests: [Request]) {
    for request in requests {
      switch request.effect {
      case .suspend: loop.suspend()
      case .redraw: break
      default: runner.run(request)
      }
    }
  }
}
