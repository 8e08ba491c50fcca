internal import Base
package import CertificateKit
internal import Failures
package import TokenKit

/// The words of two certificates, or two keys, side by side: for the window and the command alike.
package struct CompareWords: Sendable {
  package var title: String
  package var publicKey: String
  /// What stands in a row whose two sides differ.
  package var differs: String
  package var same: String
  package var onlyLeft: String
  package var onlyRight: String
  package var notRead: String
  package var profile: String
  fileprivate var renewed: @Sendable (_ newer: String, _ keepsKey: Bool?) -> String
  fileprivate var left: String
  fileprivate var right: String
  fileprivate var isSame: String
  fileprivate var isPair: String
  fileprivate var isHolders: String
  fileprivate var isUnrelated: String
  /// Two keys: how many certificates they have in common, and how many differ.
  package var keys: @Sendable (_ same: Int, _ different: Int) -> String

  package static subscript(language: Language) -> CompareWords {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  private static let zh = CompareWords(
    title: "对比", publicKey: "公钥（SHA-256）", differs: "不同", same: "相同", onlyLeft: "只有左边有", onlyRight: "只有右边有",
    notRead: "未能读取", profile: "密码规格",
    renewed: { newer, keepsKey in
      "同一所有者、同一用途：\(newer)是较新的一张"
        + (keepsKey.map { $0 ? "，密钥没有换" : "，密钥已换新（旧证书加密的文件要用旧密钥打开）" } ?? "")
    }, left: "左边", right: "右边", isSame: "是同一张证书", isPair: "是同一所有者的一对：一张签名，一张加密", isHolders: "是同一所有者的两张证书",
    isUnrelated: "所有者不同", keys: { "相同的证书 \($0) 张，不同的 \($1) 张" })

  private static let en = CompareWords(
    title: "Compare", publicKey: "Public key (SHA-256)", differs: "differs", same: "same", onlyLeft: "only on the left",
    onlyRight: "only on the right", notRead: "not read", profile: "PIN profile",
    renewed: { newer, keepsKey in
      "One owner and use: the \(newer) one is newer"
        + (keepsKey.map {
          $0 ? ", with the same key" : ", with a new key (what was encrypted before needs the old one)"
        } ?? "")
    }, left: "left", right: "right", isSame: "The same certificate",
    isPair: "A pair of one owner: one signs, one encrypts", isHolders: "Two certificates of one owner",
    isUnrelated: "Of different owners", keys: { "\($0) certificates alike, \($1) different" })
}

extension CompareWords {
  package static func title(_ field: CertificateComparison.Field, _ language: Language) -> String {
    let words = Words[language]
    return switch field {
    case .owner: words.owner
    case .organization: words.organization
    case .uscc: words.uscc
    case .issuer: words.issuer
    case .serial: words.serial
    case .notBefore: words.notBefore
    case .notAfter: words.notAfter
    case .use: words.usage
    case .extendedUse: words.extendedKeyUsage
    case .algorithm: words.algorithm
    case .publicKey: CompareWords[language].publicKey
    case .signatureAlgorithm: words.signatureAlgorithm
    case .subject: words.subject
    }
  }

  package static func title(_ field: KeyComparison.Field, _ language: Language) -> String {
    let words = Words[language]
    return switch field {
    case .label: words.label
    case .serial: words.keySerial
    case .manufacturer: words.manufacturer
    case .hardwareVersion, .firmwareVersion: words.firmware
    case .profile: CompareWords[language].profile
    case .applications: words.application
    }
  }

  /// Made safe to show.
  package static func text(_ value: CertificateComparison.Value, _ language: Language) -> String {
    switch value {
    case .none: "–"
    case .text(let text): displaySafe(text)
    case .time(let time): LocalTime.text(time)
    case .use(let use): Words[language].usage(use)
    }
  }

  /// What the two are to each other, in one sentence.
  package func text(_ relation: CertificateComparison.Relation) -> String {
    switch relation {
    case .same: isSame
    case .renewal(let rightIsNewer, let keepsKey): renewed(rightIsNewer ? right : left, keepsKey)
    case .pair: isPair
    case .sameHolder: isHolders
    case .unrelated: isUnrelated
    }
  }
}
