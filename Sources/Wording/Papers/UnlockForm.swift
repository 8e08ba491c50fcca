import Base
import CertificateKit
import Failures
import TokenKit
package import UnlockKit

/// The application form as one self-contained HTML file for A4: nothing is loaded from anywhere.
package struct UnlockForm: Sendable {
  package static var hotline: String { Authority.current.hotline }
  package static var site: String { Authority.current.siteName }

  package var request: UnlockRequest
  package var document: SealedDocument

  package init(request: UnlockRequest, document: SealedDocument) {
    self.request = request
    self.document = document
  }

  /// The file's text. Forms are in Chinese whatever the program's language: the counter reads them.
  package var html: String {
    let qr = QRCode(CompactRequest(request, digest: document.digest).text)?.svg(side: 40) ?? ""
    return """
      <!DOCTYPE html>
      <html lang="zh-CN"><head><meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width">
      <title>\(escape(title)) \(escape(document.checkCode))</title>
      <style>\(Self.style)</style></head><body>
      <header><div><h1>\(escape(title))</h1>
      <p class="sub">业务类型：\(kindBoxes)</p>
      <p class="check">申请核对码 <b>\(escape(document.checkCode))</b></p>
      <p class="small">申请时间 \(escape(LocalTime.text(request.created)))<br>\
      申请文件与本表核对码一致时才可办理；电话核对请逐组念出。</p></div>\(qr)</header>
      \(table("介质（介质自报，未核实）", keyRows))
      \(table("数字证书（以申请文件所附证书为准，受理时核验）", certificateRows, after: certificateList))
      \(table("申请单位与经办人（自填，未核实）", applicantRows))
      \(warning)
      <section><h2>需携带或提交的材料（加盖公章）</h2><ol>\(Self.documents.map { "<li>\(escape($0))</li>" }.joined())</ol></section>
      <section class="sign"><div><h2>申请单位（盖公章）</h2><div class="stamp">盖章处</div><p>日期：　　　　年　　月　　日</p></div>
      <div><h2>经办人（签字）</h2><div class="stamp">签字处</div><p>日期：　　　　年　　月　　日</p></div>
      <div><h2>受理机构</h2><div class="stamp">受理意见</div><p>受理人：　　　　　日期：　　　　</p></div></section>
      <footer>咨询热线 \(Self.hotline) · \(Self.site) · 本表不含密码，任何人不得索要介质密码。<br>\
      <span class="digest">SM3 \(escape(lowerHexText(document.digest)))</span></footer>
      </body></html>

      """
  }

  private var title: String {
    switch request.kind {
    case .unlock: "数字证书介质解锁申请表"
    case .renew: "数字证书续期申请表"
    case .reissue: "数字证书介质补办申请表"
    case .change: "数字证书变更申请表"
    }
  }

  private var kindBoxes: String {
    let names: [(UnlockKind, String)] = [(.unlock, "介质解锁"), (.renew, "续期"), (.reissue, "介质补办"), (.change, "变更")]
    return names.map { ($0.0 == request.kind ? "☑" : "☐") + " " + $0.1 }.joined(separator: "　")
  }

  private var keyRows: [(String, String?)] {
    let key = request.key
    return [
      ("介质序列号", key.serial), ("介质名称", key.label), ("制造商", key.manufacturer),
      ("型号版本", versions), ("应用", request.application),
      ("接口", interface),
      ("用户密码", tries(request.userPIN)), ("管理员密码", tries(request.adminPIN)),
    ]
  }

  /// How the key is reached, with the profile of its PIN commands.
  private var interface: String {
    let key = request.key
    guard let family = TokenFamily(rawValue: key.family) else { return key.family }
    return family.name + (family.traits.needsProfile ? key.profile.map { "，配置 " + $0 } ?? "" : "")
  }

  /// `subject OU` of the certificate reader, as the people of the desk say it.
  private func field(_ source: String) -> String {
    source.hasPrefix("subject ") ? "主题 " + source.dropFirst("subject ".count) : source
  }

  private var versions: String? {
    let parts = [
      request.key.hardwareVersion.map { "硬件 " + $0 }, request.key.firmwareVersion.map { "固件 " + $0 },
    ].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: "，")
  }

  private func tries(_ tries: UnlockRequest.Tries?) -> String? {
    guard let tries else { return nil }
    if tries.isLocked { return "已锁定" }
    guard let left = tries.left else { return "剩余次数未知" }
    return "剩余 \(left)" + (tries.maximum.map { "/\($0)" } ?? "") + " 次"
  }

  private var certificateRows: [(String, String?)] {
    var rows: [(String, String?)] = []
    if let main = request.mainCertificate {
      rows += [("证书所有者", main.owner), ("颁发者", main.issuer)]
      if request.kind != .unlock {
        rows.append(("办理证书", "序列号 \(main.serial.uppercased())，\(LocalTime.date(main.notAfter)) 到期"))
      }
      rows.append(("信用代码", main.uscc.map { $0 + (main.usccSource.map { "（证书字段 \(field($0))）" } ?? "") }))
    }
    return rows
  }

  /// One line for each certificate: use, serial, validity.
  private var certificateList: String {
    let rows = request.certificates.map { certificate in
      let dates = LocalTime.date(certificate.notBefore) + " 至 " + LocalTime.date(certificate.notAfter)
      let isOther = certificate.owner != request.mainCertificate?.owner
      // Which of several certificates is to be renewed must not be left to the counter to guess.
      let mark = request.kind != .unlock && request.isConcerned(certificate) ? "☑ " : ""
      return
        "<tr><td>\(mark)\(escape(roleName(certificate.role)))\(isOther ? "（\(escape(certificate.owner))）" : "")</td>"
        + "<td class=\"mono\">\(escape(certificate.serial.uppercased()))</td><td>\(escape(dates))</td></tr>"
    }
    guard !rows.isEmpty else { return "" }
    return "<table class=\"list\"><colgroup><col><col style=\"width:46%\"><col style=\"width:27%\"></colgroup>"
      + "<tr><th>证书</th><th>证书序列号</th><th>有效期</th></tr>\(rows.joined())</table>"
  }

  private func roleName(_ role: String) -> String {
    switch role {
    case "signature": "签名证书"
    case "encryption": "加密证书"
    case "authentication": "身份认证证书"
    default: "证书"
    }
  }

  private var applicantRows: [(String, String?)] {
    let applicant = request.applicant
    return [
      ("信用代码", request.uscc), ("经办人", applicant.name), ("经办人手机", applicant.mobile),
      (request.kind == .change ? "变更内容" : "申请原因", applicant.reason),
      ("领取方式", applicant.delivery == .post ? "邮寄" : "现场领取"),
      ("邮寄地址", applicant.delivery == .post ? applicant.address : nil),
    ]
  }

  private var warning: String {
    guard request.kind.replacesEncryptionKey else { return "" }
    return """
      <section class="warn"><b>注意：</b>续期、变更或补办会换发新的加密密钥。用旧证书加密的投标文件今后无法解密；\
      有未开标项目时请先完成开标，或在换发后重新加密上传。</section>
      """
  }

  private static let documents = [
    "本申请表一式两份", "营业执照复印件", "法定代表人（申请人）身份证复印件", "经办人身份证复印件及授权书",
    "介质（U-Key）原件；现场办理须出示证件原件",
  ]

  private func table(_ title: String, _ rows: [(String, String?)], after: String = "") -> String {
    let present = rows.compactMap { row in row.1.flatMap { $0.isEmpty ? nil : (row.0, $0) } }
    var cells = ""
    var index = 0
    while index < present.count {
      // Two short items share a row.
      let isPair =
        index + 1 < present.count && present[index].1.utf8.count <= 60 && present[index + 1].1.utf8.count <= 60
      let items = isPair ? [present[index], present[index + 1]] : [present[index]]
      cells += "<tr>"
      for item in items {
        cells += "<th>\(escape(item.0))</th><td\(isPair ? "" : " colspan=\"3\"")>\(escape(item.1))</td>"
      }
      cells += "</tr>"
      index += items.count
    }
    return "<section><h2>\(escape(title))</h2><table><colgroup><col style=\"width:16%\"><col style=\"width:34%\">"
      + "<col style=\"width:16%\"><col style=\"width:34%\"></colgroup>\(cells)</table>\(after)</section>"
  }

  private static let style = """
    @page{size:A4;margin:12mm}*{box-sizing:border-box}\
    body{font:10pt/1.35 "Noto Sans CJK SC","Source Han Sans SC","WenQuanYi Micro Hei","Microsoft YaHei",sans-serif;\
    color:#000;background:#fff;max-width:186mm;margin:0 auto}\
    header{display:flex;justify-content:space-between;align-items:flex-start;gap:6mm;border-bottom:1.5pt solid #000}\
    h1{font-size:17pt;margin:2mm 0}h2{font-size:11pt;margin:2.5mm 0 1mm}p{margin:1mm 0}\
    .check b{font:700 15pt "DejaVu Sans Mono",monospace;letter-spacing:.5pt}.small{font-size:8.5pt}\
    table{border-collapse:collapse;width:100%;table-layout:fixed}th,td{border:.6pt solid #444;padding:.7mm 1.5mm;\
    text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#f2f2f2;font-weight:600}table.list{margin-top:-.6pt}.mono{font-family:"DejaVu Sans Mono",monospace;font-size:8.5pt}\
    ol{margin:0;padding-left:6mm;columns:2}section{break-inside:avoid}\
    .warn{border:1.2pt solid #000;padding:1.5mm 2mm;margin-top:2.5mm}\
    .sign{display:flex;gap:4mm}.sign>div{flex:1}.stamp{height:24mm;border:.6pt dashed #777;color:#999;\
    display:flex;align-items:center;justify-content:center}\
    footer{margin-top:3mm;border-top:.6pt solid #444;padding-top:1mm;font-size:8.5pt}\
    .digest{font-family:"DejaVu Sans Mono",monospace;font-size:7pt;overflow-wrap:anywhere}
    """
}
