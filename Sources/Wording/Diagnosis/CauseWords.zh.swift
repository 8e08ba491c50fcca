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
        "演示 U-Key 不需要这一环节",
        "无需处理。")
    case .notNeededVendorKey:
      CauseWords(
        "这种 U-Key 不经读卡服务，由厂商动态库访问",
        "看“厂商动态库”一项。")
    case .notNeeded:
      CauseWords(
        "这台电脑用不到",
        "无需处理。")
    case .switchedOff:
      CauseWords(
        "没有检查：选项里没有要求，或关掉了",
        "需要时去掉 --no-network 和 --demo，或加 --login、--page。")
    case .localeNotGenerated:
      CauseWords(
        "语言环境没有生成，程序只能用 ASCII 显示",
        "请管理员生成该语言环境（见修复命令）；没有修复命令时换用 UTF-8 的：LANG=C.UTF-8 ukey --lang zh。")
    case .localeNotUTF8:
      CauseWords(
        "语言环境不是 UTF-8，中文可能显示为问号",
        "设置 UTF-8 语言环境，例如 export LANG=C.UTF-8，再用 ukey --lang zh 打开。")
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
    case .clockDiffers:
      CauseWords(
        "系统时钟与平台的时间不一致",
        "校正日期、时间和时区后重新检查；证书多半没有问题，先不要办理续期。")
    case .nothingPluggedIn:
      CauseWords(
        "没有插入 U-Key，也没有读卡器",
        "把 U-Key 插到电脑的 USB 口，不经过集线器；虚拟机要先把 USB 设备接入（WSL：usbipd attach --wsl）。指示灯亮而仍看不到，把上面的 USB 编号告诉支持人员。")
    case .noKnownKey:
      CauseWords(
        "USB 上没有认识的 U-Key，读卡服务又不可用，无法判断是否已插入",
        "先修好读卡服务，再重新检查。")
    case .smartCardPartOff:
      CauseWords(
        "U-Key 已插入，但它的智能卡接口被关闭",
        "用厂商工具打开智能卡（CCID）接口，再插拔一次。")
    case .deviceBlocked:
      CauseWords(
        "USB 设备被系统策略禁用（未授权）",
        "请管理员放行：USBGuard 用 usbguard list-devices 和 usbguard allow-device；UOS、麒麟在安全中心的“外设管控”中允许该设备。放行后插拔一次。")
    case .deviceUnconfigured:
      CauseWords(
        "USB 设备已识别，但系统没有启用它，多半是供电不足",
        "直接插到电脑的 USB 口，不经过集线器和延长线；仍然如此，看 dmesg 有无“insufficient available bus power”，并换一台电脑试。")
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
        "安装 pcscd 和 libccid（rpm 系统是 pcsc-lite 和 pcsc-lite-ccid；NixOS：services.pcscd.enable = true）；知道本系统的命令时会显示出来。")
    case .socketMissing:
      CauseWords(
        "读卡服务没有启动",
        "启动读卡服务（见修复命令）。")
    case .socketLost:
      CauseWords(
        "读卡服务在运行，但它的套接字文件没有了，谁也连不上",
        "重新启动读卡服务（见修复命令）：/run 里它的文件夹被清空过。")
    case .socketMasked:
      CauseWords(
        "读卡服务被管理员屏蔽（masked），不会启动",
        "先解除屏蔽再启动（见修复命令）。")
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
    case .socketElsewhere:
      CauseWords(
        "正在使用变量 PCSCLITE_CSOCK_NAME 指定的读卡服务，不是本机的",
        "U-Key 插在本机：unset PCSCLITE_CSOCK_NAME 后重新打开；插在远程桌面那一端：在那一端检查。")
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
    case .polkitUnreachable:
      CauseWords(
        "读卡服务要问 polkit，而 polkit 不应答",
        "请管理员启动 polkit（systemctl restart polkit）；容器里没有 polkit 时，用 pcscd --disable-polkit 启动读卡服务。")
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
    case .serviceEnds:
      CauseWords(
        "读卡服务一启动就结束",
        "看 journalctl -u pcscd：常见是某个读卡器驱动崩溃。拔下读卡器再启动；仍然结束，更新或卸载 /usr/lib/pcsc/drivers 中新装的驱动。")
    case .bundleMissing:
      CauseWords(
        "没有安装 USB 读卡器驱动 libccid",
        "安装 libccid（rpm 系统是 pcsc-lite-ccid，其他多为 ccid）后插拔一次；知道本系统的命令时会显示出来。")
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
    case .deviceHeld:
      CauseWords(
        "另一程序直接占用了 USB 设备，读卡服务拿不到",
        "关闭所示程序后插拔一次；没有显示时用 sudo ukey doctor 能看到，常见是虚拟机或厂商工具；scdaemon 用修复命令结束，长期办法是在 ~/.gnupg/scdaemon.conf 写 disable-ccid。"
      )
    case .readerNameUnknown:
      CauseWords(
        "没有这个名称的读卡器",
        "用 ukey status 查看准确名称。")
    case .noCard:
      CauseWords(
        "读卡器中没有 U-Key",
        "把 U-Key 或卡插到底，芯片方向正确。")
    case .cardMute:
      CauseWords(
        "U-Key 没有应答",
        "拔出等 5 秒再插；换 USB 口；卡片翻面、擦净触点；仍无应答请联系发证机构补办。")
    case .cardHeld:
      CauseWords(
        "U-Key 被另一程序独占",
        "关闭所示程序后重新检查；只显示用户时，sudo ukey doctor 能看到程序名。本工具不会擅自结束它。")
    case .cardDenied:
      CauseWords(
        "允许使用读卡服务，但不允许使用 U-Key（polkit 的 access_card）",
        "在本机桌面登录后使用；或请管理员在 polkit 规则中同时允许 org.debian.pcsc-lite.access_pcsc 和 access_card。")
    case .cardBusy:
      CauseWords(
        "U-Key 一直被占用，没有在时限内轮到",
        "关闭所示程序后重新检查；只显示用户时，sudo ukey doctor 能看到程序名；什么都没有列出时，插拔 U-Key。")
    case .cardSlow:
      CauseWords(
        "U-Key 应答很慢",
        "慢不等于坏：请等待，登录和改密码都要多留时间；没有读完时用 ukey doctor --timeout 60 再查；换 USB 口、不经集线器试一次。")
    case .cardFailed:
      CauseWords(
        "与 U-Key 的通信出错",
        "拔出后重新插入，不经过集线器；换一台电脑以判断是 U-Key 还是接口。")
    case .serviceDied:
      CauseWords(
        "读取 U-Key 时读卡服务退出了",
        "重启读卡服务再检查；再次退出，看 journalctl -u pcscd，更新读卡器驱动。")
    case .cardUnknown:
      CauseWords(
        "不认识这种 U-Key",
        "若发证机构提供动态库，用 --provider skf:路径；否则把 ATR 告诉支持人员。")
    case .cardForeign:
      CauseWords(
        "另一类卡片，本工具不直接读取",
        "取出它，插入存有证书的 U-Key；证书就在这张卡上时，ukey status 会说明用哪个模块读取。")
    case .tokenFailed:
      CauseWords(
        "U-Key 读取失败",
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
        "换成与本机架构一致的驱动包（见“查到的情况”）。")
    case .libraryExports:
      CauseWords(
        "厂商动态库缺少 SKF 或 PKCS#11 函数",
        "版本不对或不是该库：重新安装发证机构的驱动包。")
    case .libraryLoad:
      CauseWords(
        "厂商动态库无法加载，通常是缺少依赖",
        "按错误信息安装缺少的库，或重新安装驱动包。")
    case .libraryDependency:
      CauseWords(
        "动态库依赖的另一个库不存在",
        "安装错误信息里的那个库（apt-file search 库名 可查所属软件包），或重新安装完整的驱动包。")
    case .libraryGlibc:
      CauseWords(
        "动态库需要更新的系统（glibc 版本）",
        "向发证机构要适合本系统版本的驱动包，或升级系统；不要替换系统的 glibc。")
    case .libraryNoexec:
      CauseWords(
        "动态库所在的分区禁止执行（noexec）",
        "把驱动包安装到 /opt 或 /usr/lib，不要放在 noexec 的分区（U 盘、/tmp、家目录）。")
    case .libraryTruncated:
      CauseWords(
        "动态库文件不完整",
        "下载或复制中断过：重新安装驱动包。")
    case .libraryDenied:
      CauseWords(
        "当前用户没有权限读取动态库",
        "请管理员放开所示文件或文件夹的权限：文件 chmod a+r，文件夹 chmod a+x。")
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
        "U-Key 中没有应用，可能未制证或被初始化",
        "联系发证机构。")
    case .noContainer:
      CauseWords(
        "U-Key 中没有容器，还没有下载证书",
        "按发证机构的指引下载证书。")
    case .noCertificate:
      CauseWords(
        "U-Key 中没有证书",
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
    case .keyOther:
      CauseWords(
        "证书与 U-Key 中的私钥不是一对，签名无法通过验证",
        "可能更新只做了一半，或写错了证书：联系发证机构重新写入证书。")
    case .keyGone:
      CauseWords(
        "U-Key 中只有证书，没有对应的私钥",
        "证书无法用于登录：联系发证机构补办。")
    case .keyNotTold:
      CauseWords(
        "U-Key 不告知公钥，证书与私钥是否相符未检查",
        "用 F5 或 ukey login-test 登录自检，可以确认。")
    case .issuersNotNamed:
      CauseWords(
        "没有登记发证机构的证书，未检查发证机构与吊销",
        "把发证机构的 CA 证书（和 .crl 吊销列表）放进 ~/.config/ukey/ca 后再检查。")
    case .issuerUnknown:
      CauseWords(
        "证书不是由已登记的发证机构签发",
        "核对证书的颁发者；确是该机构新的 CA 证书时，从其官网下载后放进 ~/.config/ukey/ca。")
    case .issuerDenies:
      CauseWords(
        "证书上的签名不是所称发证机构的",
        "不要使用这张证书：把报告交给发证机构核对。")
    case .issuerDoubtful:
      CauseWords(
        "证书链有疑点，无法确认发证机构",
        "看“查到的情况”里的原因，把报告交给发证机构核对。")
    case .revoked:
      CauseWords(
        "证书已被发证机构吊销",
        "这张证书不能再登录：联系发证机构补办；挂失过又找到的 U-Key 也是如此。")
    case .pinLocked:
      CauseWords(
        "密码已锁定",
        "不要再试。用“解锁申请”（F3 或 ukey unlock request）向发证机构申请，热线 \(Authority.current.hotline)。")
    case .pinBothLocked:
      CauseWords(
        "用户密码和管理员密码都已锁定",
        "解锁申请对它无效。联系发证机构初始化 U-Key 或补办证书，热线 \(Authority.current.hotline)。")
    case .pinLockedHere:
      CauseWords(
        "密码已锁定，可用 PUK 或管理员密码设置新密码",
        "不要再试。由保管 PUK 或管理员密码的人设置新密码：ukey unlock admin；否则拨打热线 \(Authority.current.hotline)。")
    case .pinLastTry:
      CauseWords(
        "密码只剩最后一次机会",
        "没有十足把握不要输入；请办理解锁。")
    case .pinFewTries:
      CauseWords(
        "密码剩余次数不多",
        "核对大小写和 NumLock 后再输入；次数不会隔夜恢复。")
    case .adminLocked:
      CauseWords(
        "管理员密码（PUK）已锁定",
        "现在不影响登录；但用户密码一旦锁定就无法解锁：请记牢密码，尽早联系发证机构。")
    case .pinDefault:
      CauseWords(
        "还是初始密码",
        "用 F2 或 ukey pin change 修改密码。")
    case .pinNotTold:
      CauseWords(
        "U-Key 不告知剩余次数",
        "输入密码时格外小心。")
    case .keyServiceAbsent:
      CauseWords(
        "没有发现本机证书服务，网页登录按钮可能没有反应",
        "运行 ukey serve start 启动密钥服务（或启动发证机构的客户端），再点登录；已知服务名可用 --service 指定检查。")
    case .keyServiceUnknown:
      CauseWords(
        "没有认得的本机证书服务；本机有其他程序在监听",
        "看“其他本机监听”里有没有发证机构的程序：没有，就运行 ukey serve start；有，知道端口时用 --service https://127.0.0.1:PORT 检查它。")
    case .keyServiceDown:
      CauseWords(
        "网页需要的本机证书服务没有运行",
        "运行 ukey serve start，或启动（重新安装）发证机构的客户端，再点登录。")
    case .keyServiceSilent:
      CauseWords(
        "本机证书服务占着端口但不应答",
        "退出并重新启动所示程序。")
    case .keyServiceForeign:
      CauseWords(
        "本机证书服务的端口被另一程序占用",
        "关闭所示程序，或改它的端口，再启动发证机构的客户端。")
    case .keyServiceIPv6:
      CauseWords(
        "本机证书服务只在 IPv6（::1）上监听，网页调用的是 127.0.0.1",
        "重启该服务；仍如此，更新发证机构的客户端。")
    case .keyServiceFiltered:
      CauseWords(
        "本机证书服务在监听，但连接到不了它：被本机防火墙拦截",
        "请管理员检查防火墙（nft list ruleset）：放行 lo 网卡上的连接。")
    case .keyServiceTLS:
      CauseWords(
        "本机证书服务的安全连接建立不了",
        "重新安装发证机构的客户端；把错误告诉支持人员。")
    case .keyServiceUntrusted:
      CauseWords(
        "浏览器不信任本机证书服务的证书，网页连不上它",
        "重新安装发证机构的客户端，或把它的根证书导入浏览器。")
    case .keyServiceExpired:
      CauseWords(
        "本机证书服务自己的证书已过期",
        "更新或重新安装发证机构的客户端，它会换上新证书；导入根证书没有用。")
    case .keyServiceSystemOnly:
      CauseWords(
        "本机服务的证书只在系统证书库中受信任，浏览器用自己的证书库",
        "把该根证书导入浏览器（Chromium：~/.pki/nssdb；Firefox：设置→证书）。")
    case .keyServiceOneBrowser:
      CauseWords(
        "本机证书服务的证书只受一个浏览器信任，另一个浏览器不信任",
        "用信任它的浏览器（“查到”里为 yes）打开网页；或把根证书也导入另一个浏览器；ukey 自己的服务：ukey serve trust。")
    case .pageUnreadable:
      CauseWords(
        "网页没有读到，不知道它呼叫谁",
        "核对网址；需要登录才能打开的网页，在浏览器里另存为“网页，全部”，再用 ukey doctor --page 文件。")
    case .pageCallsNothing:
      CauseWords(
        "在读到的网页和脚本里没有找到对本机服务的呼叫",
        "脚本可能在登录后才加载：打开有登录按钮的那一页，另存为“网页，全部”，再用 ukey doctor --page 文件。")
    case .pageActiveX:
      CauseWords(
        "网页使用 IE 的 ActiveX 控件，Linux 上没有浏览器支持",
        "请网站提供新版登录页；在此之前只能用 Windows 的 IE 模式登录。")
    case .pageInsecure:
      CauseWords(
        "网页以 http 打开，浏览器不让它访问本机服务",
        "把网址开头的 http 改为 https 再登录；没有 https 的网站，请它的管理员开通。")
    case .pageServiceDown:
      CauseWords(
        "网页呼叫的本机服务都没有运行",
        "启动所示服务的程序（发证机构的客户端）；多家发证机构的网页也可以由 ukey serve 应答。")
    case .pageExtensionMissing:
      CauseWords(
        "网页要用的浏览器扩展没有安装",
        "按网站的说明在 Chromium 或 Chrome 里安装所示扩展，再打开网页；Firefox 用不了这种扩展。")
    case .pageExtensionOff:
      CauseWords(
        "网页要用的浏览器扩展已停用",
        "在浏览器地址栏输入 chrome://extensions，启用所示扩展，然后刷新网页。")
    case .pageExtensionUnread:
      CauseWords(
        "浏览器的设置读不到，不知道网页要用的扩展装了没有",
        "用平时打开网页的账号运行 ukey doctor，不加 sudo；或在浏览器里打开 chrome://extensions，看所示扩展在不在、是否启用。")
    case .loopbackNotAsked:
      CauseWords(
        "还没有选择过是否允许网页访问本机",
        "第一次点登录时浏览器会问“是否允许访问此设备上的其他应用和服务”，请选“允许”。")
    case .loopbackDenied:
      CauseWords(
        "浏览器里选择过不允许这个网站访问本机服务",
        "点网址左边的图标，在网站权限里把“此设备上的应用”（本机网络）改为允许，然后刷新网页。")
    case .loopbackForbidden:
      CauseWords(
        "管理员的浏览器策略禁止该网站访问本机服务",
        "请管理员在所示文件的名单（…BlockedForUrls）里去掉该网站，或加入 LoopbackNetworkAllowedForUrls；在此之前换用没有这条策略的浏览器。")
    case .proxyCatchesLoopback:
      CauseWords(
        "浏览器被设置为连本机地址也走代理，网页访问不到本机证书服务",
        "去掉“查到的情况”里那个文件中的 <-loopback>（Firefox 为 network.proxy.allow_hijacking_localhost）；统一配置的请网络管理员处理。")
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
    case .storeShut:
      CauseWords(
        "当前用户进不了自己的浏览器数据文件夹",
        "所示文件夹或文件的权限不对，常见原因是用 sudo 打开过浏览器。请管理员把所示路径的所有者改回当前用户。")
    case .storeBroken:
      CauseWords(
        "浏览器的证书库文件已损坏",
        "关闭浏览器，把所示 cert9.db 和 key4.db 改名后重新打开浏览器，再重新安装发证机构的客户端。")
    case .storeModuleMissing:
      CauseWords(
        "浏览器登记的模块文件不存在",
        "重新安装该模块，或在浏览器的安全设备中删除它。")
    case .storeModuleForeign:
      CauseWords(
        "浏览器登记的模块是别的架构",
        "安装与本机架构一致的模块（见“查到的情况”）。")
    case .proxyDead:
      CauseWords(
        "浏览器要用的代理连不上",
        "代理已停用就去掉它（“查到的情况”里写明是谁设置的：环境变量、桌面或 Firefox）；否则请网络管理员检查代理。")
    case .proxyLogin:
      CauseWords(
        "代理要求登录",
        "先在浏览器里打开任一网页，输入代理的用户名和密码；不知道就问网络管理员。")
    case .proxyRefuses:
      CauseWords(
        "代理不放行到平台的连接",
        "请网络管理员在代理上放行平台的地址和端口（CONNECT），或把平台加入不经代理的名单。")
    case .proxyScript:
      CauseWords(
        "浏览器按脚本（PAC）选择代理，本程序不执行脚本",
        "以下按直接连接检查。网页打不开时，请网络管理员看该脚本对平台和 127.0.0.1 给出什么：127.0.0.1 必须是 DIRECT。")
    case .proxySecure:
      CauseWords(
        "浏览器的代理要用 TLS 连接（https://），本程序不会这样连接",
        "以下按直接连接检查。网页打不开时，看代理前面是否应写 http://（多数代理如此）；否则请问网络管理员。")
    case .nameUnresolved:
      CauseWords(
        "查不到平台的网络地址",
        "检查网络连接和 DNS 设置；单位内网请问网络管理员。")
    case .nameSlow:
      CauseWords(
        "域名解析很慢：有 DNS 服务器不应答",
        "能用，但网页会慢或偶尔打不开：请网络管理员去掉不应答的 DNS 服务器（VPN 断开后常有残留，见 /etc/resolv.conf）。")
    case .nameFalse:
      CauseWords(
        "平台域名被解析到本机或假地址",
        "是 /etc/hosts 的就删掉那一行；否则是 DNS 或代理、过滤软件给的（127.0.0.1、0.0.0.0、198.18.x.x）：退出该软件或更换 DNS。")
    case .platformRefused:
      CauseWords(
        "平台拒绝连接",
        "稍后再试；核对地址和端口；可能被防火墙拦截。“查到”里有 /etc/hosts 时，先去掉那一行旧地址。")
    case .platformUnreachable:
      CauseWords(
        "连不上平台",
        "检查网络；可能被防火墙拦截该端口。“查到”里有 /etc/hosts 时，先去掉那一行：地址可能是旧的。")
    case .platformTLS:
      CauseWords(
        "与平台的安全连接建立不了",
        "检查是否有安全软件或网关拦截；稍后再试；把错误告诉支持人员。")
    case .platformMTU:
      CauseWords(
        "到平台的大数据包被丢弃（MTU）",
        "请网络管理员调小 MTU（VPN、PPPoE 常见）：临时用 sudo ip link set dev 网卡 mtu 1280。")
    case .captivePortal:
      CauseWords(
        "应答的不是平台，而是网络的登录页或网关",
        "用浏览器打开任一 http 网页，完成上网认证（Wi-Fi 或单位网关）后再试。")
    case .platformOldTLS:
      CauseWords(
        "对方只支持 TLS 1.1 或更旧，浏览器不会连接",
        "请网络管理员看中间是否有旧网关；确是平台本身，请平台升级。")
    case .libraryAbsent:
      CauseWords(
        "这台电脑没有 OpenSSL 库，安全连接无法检查",
        "安装 libssl3 后重新检查。")
    case .platformCertificate:
      CauseWords(
        "平台的服务器证书不受信任",
        "看“颁发者”：是单位网关或安全软件，就问网络管理员；不认识它就不要继续登录。")
    case .platformNoRoots:
      CauseWords(
        "这台电脑没有根证书列表，无法核对平台的证书",
        "安装 ca-certificates；设置了 SSL_CERT_FILE 或 SSL_CERT_DIR 时，检查它指向的列表是否存在。这不说明平台有问题；浏览器自带一份列表。")
    case .platformExpired:
      CauseWords(
        "平台的服务器证书已过期",
        "先核对系统日期；日期没错就是平台的问题，等它更换证书，不要跳过警告。")
    case .platformEarly:
      CauseWords(
        "平台的服务器证书尚未生效",
        "多半是本机日期落后：先校正日期和时间。")
    case .platformChain:
      CauseWords(
        "平台没有送出中间证书，连不到受信任的根",
        "用浏览器打开平台：能打开就照常登录（浏览器会自己补全）。打不开时看“颁发者”：是单位网关就问网络管理员，否则请平台补上中间证书。")
    case .platformWrongName:
      CauseWords(
        "服务器证书不是发给这个域名的",
        "应答的可能不是平台：不要继续登录，核对地址，问网络管理员。")
    case .platformWeak:
      CauseWords(
        "服务器证书太弱（密钥太短或摘要过旧），浏览器可能拒绝",
        "平台或中间网关要更换证书；浏览器能打开时仍可登录。")
    case .loginKeyLost:
      CauseWords(
        "U-Key 连接不上",
        "重新插入 U-Key 再试；仍不行，用“故障诊断”（F4 或 ukey doctor）找出卡在哪一步。")
    case .loginOtherKey:
      CauseWords(
        "读卡器中已不是刚才显示的 U-Key",
        "密码没有发送。确认插入的是要自检的 U-Key，重新读取后再试。")
    case .loginNoCertificate:
      CauseWords(
        "U-Key 中没有可用于登录的证书",
        "请发证机构下载签名证书；只有加密证书不能登录。用了 --container 时，用 ukey cert list 查看名称。")
    case .loginNoPIN:
      CauseWords(
        "此 U-Key 还没有设置密码",
        "用管理员密码设置：ukey unlock admin；没有管理员密码时联系发证机构。")
    case .loginExpired:
      CauseWords(
        "密码正确，但已过期",
        "先修改密码：F2 或 ukey pin change。")
    case .loginNotCompared:
      CauseWords(
        "U-Key 没有核对密码",
        "从它的应答看不计入次数。重新插入 U-Key 再试；仍不行把编号告诉支持人员。")
    case .loginFewTries:
      CauseWords(
        "剩余次数太少，密码没有发送",
        "有把握时，命令行加 --low-tries（3 次及以下）或 --last-try（最后一次）；没有把握不要再试，办理介质解锁（F3）。")
    case .loginNoProfile:
      CauseWords(
        "没有适用于此 U-Key 的密码规格，密码没有发送",
        "用厂商的 SKF 库（--provider skf:路径）再试。")
    case .loginNotSent:
      CauseWords(
        "密码没有发送",
        "不计入次数。重新插入 U-Key 再试；把编号告诉支持人员。")
    case .loginUnknown:
      CauseWords(
        "密码已发出，没有收到回应",
        "如果密码是错的，可能已用掉一次。重新插入 U-Key，先看剩余次数再操作。")
    case .loginPIN:
      CauseWords(
        "密码不正确",
        "核对后再试，留意剩余次数。")
    case .loginRefused:
      CauseWords(
        "U-Key 签名失败",
        "重新插入再试；把编号告诉支持人员。")
    case .loginMismatch:
      CauseWords(
        "签名与证书对不上",
        "私钥与证书不成对：请发证机构重新下载证书。")
    case .loginUntestable:
      CauseWords(
        "本工具无法让这种密钥签名",
        "这不说明 U-Key 有问题，密码也没有用到：换一张证书（--container），或用能识别它的动态库（--provider pkcs11:路径）。")
    case .loginNoPrivateKey:
      CauseWords(
        "证书的私钥不在 U-Key 中",
        "重新插拔没有用：请使用申请该证书时的 U-Key，或向发证机构补办。")
    }
  }
}
