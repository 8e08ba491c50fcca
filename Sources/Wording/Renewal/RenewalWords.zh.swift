internal import Base
internal import Failures
internal import RenewalKit
internal import TokenKit

extension RenewalWords {
  /// 简体中文。
  static let zh = RenewalWords(
    plan: "将在 U-Key 上新建一个容器并生成密钥对。旧证书和旧密钥不动，一直可用，直到您自己删除。",
    basis: { basis in
      switch basis {
      case .library(let interface, let name): "由厂商动态库 \(displaySafe(name)) 写入（\(interface)）"
      case .published(let profile): "写入方式依据公开资料（配置 \(profile)），没有在实物 U-Key 上试过"
      }
    },
    resumed: { "继续未办完的订单 \($0)" },
    step: { step in
      switch step {
      case .container: "检查容器"
      case .pair: "生成密钥对（由 U-Key 完成，可能需要一会儿）"
      case .request: "签署申请"
      case .encryptionPair: "导入加密密钥对"
      case .signatureCertificate: "写入签名证书"
      case .encryptionCertificate: "写入加密证书"
      case .check: "检验新证书"
      case .removal: "删除旧容器"
      }
    },
    stage: { stage in
      switch stage {
      case .begun: "已开始，U-Key 上还没有密钥对"
      case .paired: "密钥对已生成，申请还没有写出"
      case .requested: "已申请，等待发证机构答复"
      case .answered: "已收到答复，还没有全部写入"
      case .installed: "新证书已写入并通过检验，旧证书仍在"
      case .closed: "已办完，旧证书已删除"
      }
    },
    orderWritten: { "订单文件已写入 \($0)" },
    csrWritten: { "证书请求（PKCS#10）已写入 \($0)" },
    sendOrder: { "把申请和订单文件交给发证机构。收到答复后运行：ukey renew apply 答复文件（订单 \($0)）" },
    interrupted: "中途停下了。旧证书不受影响；插好 U-Key 后运行 ukey renew resume，会从停下的地方继续。",
    interruptedRemoving: "删除时停下了：旧容器可能已经删除，也可能还在；新证书不受影响。插好 U-Key 后再运行一次 ukey renew remove-old，会先查看再继续。",
    requestOnly: { "申请已写出，U-Key 上还没有办完，旧证书不受影响。\($0)" },
    differencesTitle: "新证书需要您核对：",
    difference: { difference in
      switch difference {
      case .owner(let old, let new): "证书所有者：旧 \(displaySafe(old))，新 \(displaySafe(new))"
      case .uscc(let old, let new):
        "统一社会信用代码：旧 \(displaySafe(old ?? "无"))，新 \(displaySafe(new ?? "无"))"
      case .issuer(let old, let new): "颁发者：旧 \(displaySafe(old))，新 \(displaySafe(new))"
      case .chain(let verdict): "证书链：" + Words[.zh].chain(verdict)
      case .notLonger(let old, let new): "到期时间没有延长：旧 \(LocalTime.date(old))，新 \(LocalTime.date(new))"
      case .noEncryptionPair: "答复里没有加密证书和密钥：新证书只能签名和登录，标书和文件不能加密给它"
      }
    },
    confirmDifferences: "以上核对无误，仍要写入？[y/N] ",
    confirmApply: "把新证书写入 U-Key？[y/N] ",
    installed: { "新证书已写入容器 \($0)，签名已检验" },
    pairProved: "加密密钥对已检验：能解开发给新证书的内容",
    pairNotTried: "加密密钥对已写入，但这种 U-Key 无法检验它",
    loginOnce: { container, order in
      "先用新证书登录一次：ukey login-test --container \(container)。用旧证书加密的标书仍要旧证书解密，全部开标后再运行：ukey renew remove-old --order \(order)"
    },
    removeWarning: "删除旧证书后，用它加密的标书和文件再也无法解密，任何人都无法恢复。",
    nothingRemoved: "什么也没有删除",
    removed: { "旧容器 \($0) 已删除" },
    noOrders: "没有在办的续期、变更或补办订单",
    next: { stage, order in
      switch stage {
      case .begun, .paired: "继续：ukey renew resume --order \(order)"
      case .requested: "收到答复后：ukey renew apply 答复文件 --order \(order)"
      case .answered: "继续写入：ukey renew resume --order \(order)"
      case .installed: "全部开标后：ukey renew remove-old --order \(order)"
      case .closed: ""
      }
    },
    order: "订单",
    orderCheckCode: "订单核对码",
    key: "U-Key",
    privateAuthority: "私有CA/测试：由本机的私有CA签发，只在信任该CA的地方有效。",
    confirmIssue: "核对无误并签发？[y/N] ",
    issued: { "答复已写入 \($0)" },
    issuedBefore: "此订单已签发过，给出的是同一份答复",
    authorityMade: { "私有CA 已建立：\($0)" },
    statementSigned: "旧证书签署的声明：签名正确",
    doubt: { doubt in
      switch doubt {
      case .chain(let verdict): "旧证书的证书链：" + Words[.zh].chain(verdict)
      case .expired(let end): "旧证书已于 \(LocalTime.date(end)) 过期"
      case .notYetValid(let begin): "旧证书到 \(LocalTime.date(begin)) 才生效"
      case .revoked(let since):
        "旧证书已被吊销" + (since.map { "（\(LocalTime.date($0))）" } ?? "") + "：持有 U-Key 的可能不是证书所有者"
      case .noStatement(let name): "没有旧证书的声明（补办）：请用其他方式核对身份。申请的名称：\(displaySafe(name))"
      case .otherName(let name): "申请的名称与旧证书不同，请对照证明材料核对：\(displaySafe(name))"
      }
    },
    overruled: "以上未能核实，按 --accept-unverified 继续，并记入审批记录",
    passphrase: "私有CA 私钥的口令：",
    newPassphrase: "设置私有CA 私钥的口令（至少 8 个字符）：",
    passphraseAgain: "再输入一次：",
    passphrasesDiffer: "两次输入不同，请重新输入",
    keyNotSealed: {
      "\($0)/authority.key 没有口令保护，拿到文件就能签发。请加口令：openssl pkcs8 -topk8 -scrypt -in authority.key -out 新文件，再替换原文件"
    },
    confirmForget: { "不再办理订单 \($0)？U-Key 上的内容不会改动。[y/N] " },
    forgotten: { "已不再办理订单 \($0)。U-Key 上的容器 \($1)（如果已建立）仍在，没有改动" })
}
