import DiagnosisKit

// 简体中文。Complete by construction: a link or fact without words does not compile.

extension CheckID {
  var titleZH: String {
    switch self {
    case .limits: "系统资源上限"
    case .locale: "终端语言环境"
    case .terminal: "终端类型"
    case .system: "操作系统"
    case .usbDevice: "USB 上的 U-Key"
    case .usbPermission: "USB 设备权限"
    case .usbDriver: "内核驱动冲突"
    case .serviceInstalled: "读卡服务已安装"
    case .serviceSocket: "读卡服务已启动"
    case .serviceAnswers: "读卡服务可用"
    case .driverBundle: "读卡器驱动"
    case .reader: "发现读卡器"
    case .card: "读卡器中有 U-Key"
    case .cardAnswers: "U-Key 有反应"
    case .cardFree: "没有被别的程序占用"
    case .token: "识别 U-Key"
    case .library: "厂商动态库"
    case .certificate: "U-Key 中的证书"
    case .pair: "签名、加密证书成对"
    case .clock: "系统时钟"
    case .validity: "证书有效期"
    case .usage: "证书用途"
    case .certificateKey: "证书与私钥相符"
    case .issuer: "发证机构与吊销"
    case .pin: "密码状态"
    case .keyServicePort: "本机证书服务端口"
    case .keyServiceAnswers: "本机证书服务应答"
    case .keyServiceTrust: "本机服务证书受信任"
    case .pageCalls: "网页呼叫的服务"
    case .permission: "网页访问本机的许可"
    case .browser: "浏览器"
    case .browserStore: "浏览器证书库"
    case .proxy: "代理设置"
    case .platformName: "平台域名解析"
    case .platformConnect: "连接平台"
    case .platformTLS: "平台安全连接"
    case .login: "登录自检"
    }
  }
}

extension Fact {
  var titleZH: String {
    switch self {
    case .locale: "语言环境"
    case .codeset: "字符集"
    case .terminal: "TERM"
    case .variable: "环境变量"
    case .distribution: "发行版"
    case .kernel: "内核"
    case .architecture: "本机架构"
    case .container: "容器"
    case .session: "会话"
    case .programVersion: "ukey 版本"
    case .libraryVersion: "软件包"
    case .device: "设备"
    case .usbID: "USB 编号"
    case .interfaceClass: "接口类别"
    case .node: "设备节点"
    case .kernelDriver: "内核驱动"
    case .source: "资料来源"
    case .otherDevices: "其他 USB 设备"
    case .confidence: "可信度"
    case .path: "路径"
    case .unit: "服务单元"
    case .listener: "监听进程"
    case .process: "进程"
    case .otherUser: "属于其他用户（看不到程序名）"
    case .version: "版本"
    case .error: "错误"
    case .mode: "权限"
    case .owner: "所有者"
    case .polkit: "polkit"
    case .mountOption: "挂载选项"
    case .reader: "读卡器"
    case .atr: "ATR"
    case .label: "标签"
    case .model: "制造商"
    case .keySerial: "U-Key 序列号"
    case .family: "U-Key 类型"
    case .profile: "密码规格"
    case .remoteUnlock: "远程解锁"
    case .keys: "U-Key"
    case .file: "文件"
    case .elf: "文件架构"
    case .exports: "导出函数"
    case .signal: "信号"
    case .application: "应用"
    case .keyContainer: "容器"
    case .certificate: "证书所有者"
    case .role: "证书类别"
    case .organization: "单位"
    case .uscc: "信用代码"
    case .serial: "证书序列号"
    case .notBefore: "生效时间"
    case .notAfter: "到期时间"
    case .daysLeft: "剩余天数"
    case .keyUsage: "密钥用法"
    case .publicKey: "证书公钥与 U-Key 公钥（= 相同，≠ 不同，- 没有私钥）"
    case .revokedSince: "吊销时间"
    case .issuer: "颁发者"
    case .clockNow: "当前时间"
    case .clockReference: "对照时间"
    case .triesLeft: "剩余次数"
    case .triesMax: "总次数"
    case .defaultPIN: "默认密码"
    case .service: "服务"
    case .port: "端口"
    case .otherPort: "其他本机监听"
    case .answer: "应答"
    case .seconds: "秒"
    case .browser: "浏览器"
    case .packaging: "安装方式"
    case .store: "证书库"
    case .module: "模块"
    case .proxy: "代理"
    case .noProxy: "不经代理"
    case .host: "地址"
    case .address: "IP 地址"
    case .nameServer: "DNS 服务器"
    case .limit: "时限"
    case .resource: "资源上限"
    case .algorithm: "算法"
    case .challenge: "挑战字节数"
    case .call: "网页呼叫"
    case .permission: "用户的选择"
    }
  }
}

extension DiagnosisPhrases {
  static let zh = DiagnosisPhrases(
    allWell: "本机检查都通过了。", noFault: "没有不通的环节。", firstFault: "卡在这一步", firstUnknown: "没有查到",
    firstWarning: "需要注意", notWhole: { "没有查全：\($0) 个环节无法判断，不能说明一切正常。" }, complaint: "现象",
    explains: "问题就在与此有关的环节里。", elsewhere: "与此有关的环节都通，问题在别处，不一定是它的原因。",
    lookFirst: { "先看“\($0)”：\($1)。" },
    keeps: "与此有关的环节因为下面的问题还没有查到，请先处理它。", symptomWell: "与此有关的环节都通。", askSymptom: "遇到什么问题？", wholeChain: "全部检查",
    seeAll: "（--full 显示全部内容）",
    alsoNamed: "此外", moreBelow: { "… 还有 \($0) 处：在下面选中该环节，看处理办法" }, cause: "原因",
    remedy: "处理", fix: "修复命令", fixRoot: "请管理员执行", chain: "检查项目", facts: "查到的情况",
    because: { "等“\($0)”修好后再查" }, seconds: { "用时 \($0) 秒" }, report: "ukey 诊断报告", end: "报告结束",
    redacted: "已隐去姓名、单位、信用代码、电话、序列号、网络地址和个人文件夹名", full: "未隐去个人信息，请谨慎转发", running: "正在检查", demo: "演示 DEMO",
    documentation: "说明",
    loginPassed: "登录自检通过。",
    loginPassedMeans: "U-Key、密码和证书在本机都能用，可以完成登录签名。",
    loginNotProved: "还不能保证：网站认可这张证书（账号绑定、未吊销），浏览器和本机证书服务正常。网站仍登录不了时，先看“故障诊断”（F4 或 ukey doctor），再问网站。",
    yes: "是", no: "否", roleSignature: "签名", roleEncryption: "加密", roleAuthentication: "认证",
    roleCardAuthentication: "卡认证", verdictWidth: 6,
    titleWidth: 22)
}
