/// How far long work has come, and what that says of the rest.
package struct ProgressEstimate: Sendable, Equatable {
  package var done: Int
  package var total: Int
  /// Items a second, rounded; at least one.
  package var rate: Int
  /// Seconds; `nil` before anything is done.
  package var left: Int?

  package init(done: Int, total: Int, took: Duration) {
    self.done = done
    self.total = max(done, total)
    let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
    guard done > 0, seconds > 0 else {
      (rate, left) = (0, nil)
      return
    }
    let each = seconds / Double(done)
    rate = Int(min((1 / each).rounded(), 1e9))
    left = Int(min((each * Double(self.total - done)).rounded(.up), 1e9))
  }
}

/// What is said of long work.
package struct ProgressWords: Sendable {
  /// One line.
  package var text: @Sendable (ProgressEstimate) -> String
  /// Of one long call.
  package var elapsed: @Sendable (_ seconds: Int) -> String
  package var interrupted: @Sendable (_ done: Int, _ total: Int) -> String

  package static subscript(language: Language) -> ProgressWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static let zh = ProgressWords(
    text: { estimate in
      [
        "\(estimate.done)/\(estimate.total)", estimate.rate > 0 ? "每秒 \(estimate.rate) 份" : nil,
        estimate.left.map { "还需约 \($0) 秒" },
      ].compactMap { $0 }.joined(separator: " · ")
    },
    elapsed: { "正在进行，已 \($0) 秒；Ctrl-C 结束" },
    interrupted: { "已中断：办完 \($0)/\($1) 份，其余没有动。" })

  private static let en = ProgressWords(
    text: { estimate in
      [
        "\(estimate.done) of \(estimate.total)", estimate.rate > 0 ? "\(estimate.rate) a second" : nil,
        estimate.left.map { "about \($0) s left" },
      ].compactMap { $0 }.joined(separator: " · ")
    },
    elapsed: { "At work for \($0) s; Ctrl-C ends it" },
    interrupted: { "Interrupted: \($0) of \($1) done, the others were not touched." })
}
