import DiagnosisKit

// 简体中文。Complete by construction: a cause without words does not compile.

extension Cause {
  var wordsZH: CauseWords {
    switch self {
    case .timedOut:
      CauseWords(
        "这一环节在时限内没有结果",
        "给更长的时间再查：ukey doctor --timeout 60；仍然没有结果，把报告交给支持人员。")
    case .cancelled:
      CauseWords(
        "检查已取消",
        "需要时按 r 重新检查。")
    case .noThread:
      CauseWords(
        "系统不再给出线程，这一环节没有检查",
        "关闭占用资源的程序，或放宽进程数上限（ulimit -u、容器的 pids 上限）后重新检查。")
    case .limitThreads:
      CauseWords(
        "进程（线程）数已到上限，其余环节无法检查",
        "关闭占用资源的程序（常见是浏览器），或放宽上限（ulimit -u、容器的 pids 上限）后重新检查。")
    case .limitDescriptors:
      CauseWords(
        "可打开的文件数已到上限，其余环节无法检查",
        "放宽上限后重新检查：ulimit -n 1024；由其他程序启动时，检查该程序的设置。")
    case .notNeededDemo:
      CauseWords(
        "演示介质不需要这一环节",
        "无需处理。")
    case .notNeededVendorKey:
      CauseWords(
        "这种 U-Key 不经读卡服务，由厂商动态库访问",
        "看“厂商动态库”一项。")
    case .notNeeded:
      CauseWords(
        "这台电脑不涉及",
        "无需处理。")
    case .switchedOff:
      CauseWords(
        "没有要求检查",
        "需要时去掉 --no-network，或加 --login。")
    case .localeNotGenerated:
      CauseWords(
        "语言环境没有生成，程序只能用 ASCII 显示",
        "请管理员生成该语言环境（见修复命令）；或先用 LANG=C.UTF-8 ukey。")
    case .localeNotUTF8:
      CauseWords(
        "语言环境不是 UTF-8，中文可能显示为问号",
        "设置 UTF-8 语言环境，例如 export LANG=C.UTF-8 后重新打开。")
    case .terminalUnknown:
      CauseWords(
        "终端类型不认识，窗口无法打开",
        "export TERM=xterm-256color 后重新打开；命令行功能不受影响。")
    case .clockBeforeRelease:
      CauseWords(
        "系统时钟比本程序的发布日期还早",
        "校正日期和时间后再登录：证书有效期要靠时钟判断。")
    case .clockBehindFiles:
      CauseWords(
        "系统时钟比最近写入的系统文件还早",
        "校正日期和时间；主板电池可能没电。")
    case .clockBehindCertificate:
      CauseWords(
        "系统时钟早于证书的生效时间",
        "先核对日期和时间；时钟没错就是证书尚未生效。")
    case .clockAhead:
      CauseWords(
        "系统时钟比系统文件新五年以上，可能超前",
        "核对日期和时间。")
    case .nothingPluggedIn:
      CauseWords(
        "没有插入 U-Key，也没有读卡器",
        "把 U-Key 插到电脑的 USB 口，不经过集线器；虚拟机要先把 USB 设备接入。指示灯亮而仍看不到，把上面的 USB 编号告诉支持人员。")
    case .noKnownKey:
      CauseWords(
        "USB 上没有认识的 U-Key，读卡服务又不可用，无法判断是否已插入",
        "先修好读卡服务，再重新检查。")
    case .smartCardPartOff:
      CauseWords(
        "U-Key 已插入，但它的智能卡接口被关闭",
        "用厂商工具打开智能卡（CCID）接口，再插拔一次。")
    case .nodeMissing:
      CauseWords(
        "USB 设备在，但没有设备节点",
        "容器要映射 /dev/bus/usb；本机请插拔一次或重启。")
    case .nodeDenied:
      CauseWords(
        "没有权限访问 USB 设备，厂商动态库打不开它",
        "请管理员添加 udev 规则（见修复命令），再插拔一次。")
    case .nfcDriver:
      CauseWords(
        "内核的 NFC 驱动占用了读卡器",
        "请管理员屏蔽该 NFC 模块（见修复命令），再插拔一次。")
    case .otherDriver:
      CauseWords(
        "另一个内核驱动占用了智能卡接口",
        "解除该驱动的绑定后插拔一次；把驱动名告诉支持人员。")
    case .notInstalled:
      CauseWords(
        "没有安装读卡服务 pcscd",
        "安装 pcscd 和 libccid（见修复命令）。")
    case .socketMissing:
      CauseWords(
        "读卡服务没有启动",
        "启动读卡服务（见修复命令）。")
    case .socketStale:
      CauseWords(
        "读卡服务已停止，只留下套接字文件",
        "重新启动读卡服务（见修复命令）。")
    case .socketDenied:
      CauseWords(
        "当前用户没有权限连接读卡服务",
        "请管理员重启读卡服务以恢复套接字权限，或用有权限的账户登录。")
    case .socketNameWrong:
      CauseWords(
        "环境变量 PCSCLITE_CSOCK_NAME 指向了错误的位置",
        "去掉该变量（unset PCSCLITE_CSOCK_NAME）后重新打开；远程桌面可能设置了它。")
    case .socketForeign:
      CauseWords(
        "占着读卡服务套接字的是另一个程序",
        "关闭所示程序，再启动读卡服务。")
    case .containerWithoutSocket:
      CauseWords(
        "容器里看不到读卡服务",
        "把主机的 /run/pcscd 映射进容器，并使用相近版本的 libpcsclite；或在主机上运行。")
    case .serviceDenied:
      CauseWords(
        "读卡服务拒绝了本会话（polkit）",
        "在本机桌面登录后使用；或请管理员在 polkit 中允许 org.debian.pcsc-lite.access_pcsc 和 access_card。")
    case .serviceDeniedRemote:
      CauseWords(
        "您是通过 ssh 登录的，读卡服务只允许本机用户",
        "在本机桌面登录后使用；或请管理员在 polkit 中允许 org.debian.pcsc-lite.access_pcsc 和 access_card。")
    case .serviceHidepid:
      CauseWords(
        "/proc 隐藏了进程，读卡服务无法核对用户",
        "请管理员在 /proc 的挂载选项里用 gid= 放行 polkit，或去掉 hidepid。")
    case .serviceMismatch:
      CauseWords(
        "读卡服务与客户端库版本不一致（不是没有启动）",
        "把 pcscd 与 libpcsclite1 更新到同一版本后重启服务；Flatpak、snap、容器内的旧库是常见原因。")
    case .serviceSilent:
      CauseWords(
        "有程序在套接字上监听，但没有应答",
        "看“监听进程”：不是 pcscd 就关闭它；是 pcscd 就重启 pcscd.service。")
    case .serviceBroken:
      CauseWords(
        "读卡服务接通后出错",
        "重启读卡服务；再出错，把编号告诉支持人员。")
    case .bundleMissing:
      CauseWords(
        "没有安装 USB 读卡器驱动 libccid",
        "安装 libccid（见修复命令）后插拔一次。")
    case .deviceUnlisted:
      CauseWords(
        "读卡器驱动的清单里没有这个设备",
        "更新 libccid；不要手工修改 Info.plist。")
    case .noReader:
      CauseWords(
        "读卡服务正常，但没有读卡器",
        "插入 U-Key 或读卡器。")
    case .readerNotNoticed:
      CauseWords(
        "USB 上有读卡器，读卡服务却没有发现",
        "插拔一次；仍没有就重启读卡服务。休眠后、WSL 中常见。")
    case .readerNameUnknown:
      CauseWords(
        "没有这个名称的读卡器",
        "用 ukey status 查看准确名称。")
    case .noCard:
      CauseWords(
        "读卡器中没有介质",
        "把 U-Key 或卡插到底，芯片方向正确。")
    case .cardMute:
      CauseWords(
        "介质没有应答",
        "拔出等 5 秒再插；换 USB 口；卡片翻面、擦净触点；仍无应答请联系发证机构补办。")
    case .cardHeld:
      CauseWords(
        "介质被另一程序独占",
        "关闭所示程序后重新检查；本工具不会擅自结束它。")
    case .cardBusy:
      CauseWords(
        "介质一直被占用，没有在时限内轮到",
        "关闭所示程序后重新检查；没有列出程序时，插拔介质。")
    case .cardSlow:
      CauseWords(
        "介质应答很慢",
        "慢不等于坏：请等待，登录和改密码都要多留时间；没有读完时用 ukey doctor --timeout 60 再查；换 USB 口、不经集线器试一次。")
    case .cardFailed:
      CauseWords(
        "与介质的通信出错",
        "拔出后重新插入，不经过集线器；换一台电脑以判断是介质还是接口。")
    case .cardUnknown:
      CauseWords(
        "不认识这种介质",
        "若发证机构提供动态库，用 --provider skf:路径；否则把 ATR 告诉支持人员。")
    case .tokenFailed:
      CauseWords(
        "介质读取失败",
        "拔出后重新插入再检查；仍失败把编号告诉支持人员。")
    case .severalKeys:
      CauseWords(
        "插着不止一个 U-Key，网页可能选错",
        "登录时只插一个 U-Key。")
    case .libraryMissing:
      CauseWords(
        "没有找到这种 U-Key 的厂商动态库",
        "安装发证机构提供的 Linux 驱动包，再重新检查。")
    case .libraryNotKnown:
      CauseWords(
        "这种 U-Key 没有已知的 Linux 动态库",
        "向发证机构索取 Linux 驱动；拿到后用 --library 路径 检查。")
    case .libraryNotELF:
      CauseWords(
        "厂商动态库文件不是 Linux 动态库，或已损坏",
        "重新安装驱动包；不要使用 Windows 的 DLL。")
    case .libraryArchitecture:
      CauseWords(
        "厂商动态库是给另一种处理器的",
        "换成与本机架构一致的驱动包（见依据）。")
    case .libraryExports:
      CauseWords(
        "厂商动态库缺少 SKF 或 PKCS#11 函数",
        "版本不对或不是该库：重新安装发证机构的驱动包。")
    case .libraryLoad:
      CauseWords(
        "厂商动态库无法加载，通常是缺少依赖",
        "按错误信息安装缺少的库，或重新安装驱动包。")
    case .libraryCrash:
      CauseWords(
        "厂商动态库崩溃",
        "重新安装或更换驱动版本；把信号编号告诉发证机构。")
    case .libraryHang:
      CauseWords(
        "厂商动态库没有响应",
        "重新安装或更换驱动版本；关闭厂商的后台程序再试。")
    case .libraryFailed:
      CauseWords(
        "厂商动态库报告错误",
        "拔出后重新插入再试；仍出错时把编号告诉厂商或支持人员。")
    case .noApplication:
      CauseWords(
        "介质中没有应用，可能未制证或被初始化",
        "联系发证机构。")
    case .noContainer:
      CauseWords(
        "介质中没有容器，还没有下载证书",
        "按发证机构的指引下载证书。")
    case .noCertificate:
      CauseWords(
        "介质中没有证书",
        "按发证机构的指引下载证书；刚办理的请确认业务已完成。")
    case .certificateBroken:
      CauseWords(
        "证书内容损坏，无法识别",
        "重新插入再检查；仍如此请发证机构重新下载证书。")
    case .signatureMissing:
      CauseWords(
        "只有加密证书，没有用于登录的签名证书",
        "请发证机构补装签名证书。")
    case .encryptionMissing:
      CauseWords(
        "只有签名证书，没有加密证书",
        "可以登录；要加密标书请发证机构补装加密证书。")
    case .pairDiffers:
      CauseWords(
        "签名证书与加密证书的所有者或有效期不一致",
        "可能更新了一半：联系发证机构核对。")
    case .expired:
      CauseWords(
        "证书已过期",
        "联系发证机构办理续期；有未开标的项目先不要续期或变更，以免旧标书解不开。")
    case .notYetValid:
      CauseWords(
        "证书尚未生效",
        "核对系统日期；日期无误就等到生效日，或联系发证机构。")
    case .expiring:
      CauseWords(
        "证书即将到期",
        "尽早续期；有未开标的项目先不要续期或变更。")
    case .wrongUsage:
      CauseWords(
        "证书用途不含数字签名，不能登录",
        "选用签名证书；没有的话联系发证机构。")
    case .pinLocked:
      CauseWords(
        "密码已锁定",
        "不要再试。用“解锁申请”（F3 或 ukey unlock request）向发证机构申请，热线 400-112-3838。")
    case .pinLastTry:
      CauseWords(
        "密码只剩最后一次机会",
        "没有十足把握不要输入；请办理解锁。")
    case .pinFewTries:
      CauseWords(
        "密码剩余次数不多",
        "核对大小写和 NumLock 后再输入；次数不会隔夜恢复。")
    case .pinDefault:
      CauseWords(
        "还在使用出厂默认密码",
        "用 F2 或 ukey pin change 修改密码。")
    case .pinNotTold:
      CauseWords(
        "介质不告知剩余次数",
        "输入密码时格外小心。")
    case .keyServiceAbsent:
      CauseWords(
        "没有发现本机证书服务，网页登录按钮可能没有反应",
        "启动发证机构的客户端后再点登录；已知服务名可用 --service 指定检查。")
    case .keyServiceDown:
      CauseWords(
        "网页需要的本机证书服务没有运行",
        "启动（或重新安装）发证机构的客户端，再点登录。")
    case .keyServiceSilent:
      CauseWords(
        "本机证书服务占着端口但不应答",
        "退出并重新启动所示程序。")
    case .keyServiceForeign:
      CauseWords(
        "本机证书服务的端口被另一程序占用",
        "关闭所示程序，或改它的端口，再启动发证机构的客户端。")
    case .keyServiceTLS:
      CauseWords(
        "本机证书服务的安全连接建立不了",
        "重新安装发证机构的客户端；把错误告诉支持人员。")
    case .keyServiceUntrusted:
      CauseWords(
        "浏览器不信任本机证书服务的证书，网页连不上它",
        "重新安装发证机构的客户端，或把它的根证书导入浏览器。")
    case .keyServiceSystemOnly:
      CauseWords(
        "本机服务的证书只在系统证书库中受信任，浏览器用自己的证书库",
        "把该根证书导入浏览器（Chromium：~/.pki/nssdb；Firefox：设置→证书）。")
    case .browserAbsent:
      CauseWords(
        "没有找到浏览器",
        "在有浏览器的电脑上登录。")
    case .browserSandboxed:
      CauseWords(
        "浏览器是 snap 或 flatpak，可能无法加载证书模块",
        "改用系统软件包（deb/rpm）的浏览器。")
    case .storeOwner:
      CauseWords(
        "浏览器证书库属于另一个用户，浏览器打不开它",
        "关闭浏览器，把这个文件改名移开（mv），浏览器会新建一个，原先导入的证书需重新导入；以后不要用 root 运行浏览器。")
    case .storeModuleMissing:
      CauseWords(
        "浏览器登记的模块文件不存在",
        "重新安装该模块，或在浏览器的安全设备中删除它。")
    case .proxyCatchesLoopback:
      CauseWords(
        "代理没有排除本机地址，网页对本机证书服务的访问会走代理",
        "把 127.0.0.1 和 localhost 加入 no_proxy（见修复命令），注销后重新登录。")
    case .nameUnresolved:
      CauseWords(
        "平台域名解析不到地址",
        "检查网络连接和 DNS 设置；单位内网请问网络管理员。")
    case .nameSlow:
      CauseWords(
        "域名解析很慢：有 DNS 服务器不应答",
        "能用，但网页会慢或偶尔打不开：请网络管理员去掉不应答的 DNS 服务器（VPN 断开后常有残留，见 /etc/resolv.conf）。")
    case .platformRefused:
      CauseWords(
        "平台拒绝连接",
        "稍后再试；核对地址和端口；可能被防火墙拦截。")
    case .platformUnreachable:
      CauseWords(
        "连不上平台",
        "检查网络；可能被防火墙拦截该端口。")
    case .platformTLS:
      CauseWords(
        "与平台的安全连接建立不了",
        "检查是否有安全软件或网关拦截；稍后再试；把错误告诉支持人员。")
    case .libraryAbsent:
      CauseWords(
        "这台电脑没有 OpenSSL 库，安全连接无法检查",
        "安装 libssl3 后重新检查。")
    case .platformCertificate:
      CauseWords(
        "平台的服务器证书不受信任",
        "核对系统日期；可能有网关替换了证书，不要继续登录，先问网络管理员。")
    case .loginKeyLost:
      CauseWords(
        "介质连接不上",
        "重新插入介质再试；仍不行，用“驱动诊断”（F4 或 ukey doctor）找出断点。")
    case .loginOtherKey:
      CauseWords(
        "读卡器中已不是刚才显示的介质",
        "密码没有发送。确认插入的是要自检的介质，重新读取后再试。")
    case .loginFewTries:
      CauseWords(
        "剩余次数太少，密码没有发送",
        "有把握时，命令行加 --low-tries（3 次及以下）或 --last-try（最后一次）；没有把握不要再试，办理介质解锁（F3）。")
    case .loginNoProfile:
      CauseWords(
        "没有适用于此介质的密码命令配置，密码没有发送",
        "用厂商的 SKF 库（--provider skf:路径）再试。")
    case .loginNotSent:
      CauseWords(
        "密码没有发送",
        "没有消耗次数。重新插入介质再试；把编号告诉支持人员。")
    case .loginUnknown:
      CauseWords(
        "密码已发出，没有收到回应",
        "如果密码是错的，可能已消耗一次。重新插入介质，先看剩余次数再操作。")
    case .loginPIN:
      CauseWords(
        "登录自检时密码不正确",
        "核对后再试，留意剩余次数。")
    case .loginRefused:
      CauseWords(
        "介质没有完成签名",
        "重新插入再试；把编号告诉支持人员。")
    case .loginMismatch:
      CauseWords(
        "签名与证书对不上",
        "私钥与证书不成对：请发证机构重新下载证书。")
    case .loginUntestable:
      CauseWords(
        "本工具无法让这种密钥签名",
        "这不说明介质有问题，密码也没有用到：换一张证书（--container），或用能识别它的动态库（--provider pkcs11:路径）。")
    case .loginNoPrivateKey:
      CauseWords(
        "证书的私钥不在介质中",
        "重新插拔没有用：请使用申请该证书时的介质，或向发证机构补办。")
    }
  }
}
