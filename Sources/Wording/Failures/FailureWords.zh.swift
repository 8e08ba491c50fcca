import Failures

extension FailureCode {
  /// 简体中文。Complete by construction: a code without words does not compile.
  var wordsZH: FailureWords {
    switch self {
    case .serviceUnavailable:
      FailureWords(
        title: "读卡服务没有运行",
        remedy: """
          启动读卡服务：sudo systemctl enable --now pcscd.socket（没有 systemd：sudo pcscd）；没有安装：\
          sudo apt install pcscd（其他系统：ukey doctor 会给出命令）。启动后管理窗口自动继续。
          """)
    case .serviceDenied:
      FailureWords(
        title: "读卡服务拒绝了本会话",
        remedy: "请在本机桌面登录后使用；通过 ssh 使用时，请管理员在 polkit 中允许 org.debian.pcsc-lite.access_pcsc 和 access_card。")
    case .serviceLost:
      FailureWords(
        title: "读卡服务中途停止",
        remedy: "等待几秒后重试，管理窗口会自动继续；若没有恢复：sudo systemctl restart pcscd.socket（没有 systemd：sudo pcscd）。")
    case .serviceMismatch:
      FailureWords(
        title: "读卡服务与客户端库版本不一致",
        remedy: "把 pcscd 与 libpcsclite1 更新到同一版本后重启服务；Flatpak、snap 或容器内自带的旧库是常见原因。")
    case .noReader:
      FailureWords(
        title: "没有读卡器或 U-Key",
        remedy: "把 U-Key 插入电脑的 USB 口（不经过集线器更可靠）。已插入仍看不到时，运行 ukey doctor 检查驱动。")
    case .readerUnknown:
      FailureWords(
        title: "没有这个名称的读卡器",
        remedy: "用 ukey status 查看读卡器的名称，再用 --reader 写出它或其中一部分。")
    case .readerLost:
      FailureWords(
        title: "读卡器在使用中被拔出",
        remedy: "重新插入 U-Key，等待读取完成，操作期间不要拔出。")
    case .severalKeys:
      FailureWords(
        title: "插着多个 U-Key，不知道要操作哪一个",
        remedy: "只留一个 U-Key；或用 --key 写序列号的末几位，用 --reader 写读卡器名称的一部分（ukey list 中可见）。")
    case .keyUnknown:
      FailureWords(
        title: "没有插着这个序列号或名称的 U-Key",
        remedy: "用 ukey list 查看插着的 U-Key；--key 接受序列号、它的末几位，或用 ukey name 起的名称。")
    case .choiceAmbiguous:
      FailureWords(
        title: "有几个 U-Key 或读卡器都符合，不知道是哪一个",
        remedy: "多写几位序列号，或写出读卡器的全名（ukey status 中可见）。")
    case .noCard:
      FailureWords(
        title: "读卡器中没有 U-Key",
        remedy: "把卡或 U-Key 插到底，芯片方向正确。")
    case .cardMute:
      FailureWords(
        title: "U-Key 没有应答",
        remedy: "拔出后等 5 秒再插入；换一个 USB 口；仍无应答时 U-Key 可能已损坏，请联系发证机构补办。")
    case .cardRemoved:
      FailureWords(
        title: "U-Key 在使用中被拔出",
        remedy: "重新插入 U-Key；若正在修改密码，先查看剩余次数，再按屏幕提示操作。")
    case .cardReset:
      FailureWords(
        title: "U-Key 被另一程序复位",
        remedy: "重新读取（窗口中按 r）；关闭同时使用该 U-Key 的其他程序（浏览器插件、其他管理工具）。")
    case .cardBusy:
      FailureWords(
        title: "U-Key 正被另一程序占用",
        remedy: "U-Key 和读卡器没有问题，不要拔出。关闭正在使用该 U-Key 的程序（浏览器、投标客户端、其他管理工具、gpg 的 scdaemon）后再试（窗口中按 r）。本工具不会强行结束其他程序。")
    case .cardCommunication:
      FailureWords(
        title: "与 U-Key 的通信出错",
        remedy: "拔出后重新插入，不经过 USB 集线器；仍出错时换一台电脑试，以判断是 U-Key 还是接口的问题。")
    case .cardTimeout:
      FailureWords(
        title: "U-Key 应答超时",
        remedy: "拔出后重新插入再试；反复超时说明 U-Key 或读卡器有故障。")
    case .cardService:
      FailureWords(
        title: "读卡服务返回其他错误",
        remedy: "重新读取（窗口中按 r）；仍出错时运行 ukey doctor，并把编号和数字告诉支持人员。")
    case .tokenUnknown:
      FailureWords(
        title: "不认识这种 U-Key",
        remedy: "若发证机构提供 SKF 或 PKCS#11 动态库，用 --provider skf:路径 或 pkcs11:路径 指定；否则把这里所示的 ATR 告诉支持人员。")
    case .commandRefused:
      FailureWords(
        title: "U-Key 拒绝了命令",
        remedy: "拔出后重新插入再试；仍出错时把状态字（SW）告诉支持人员。")
    case .answerMalformed:
      FailureWords(
        title: "U-Key 的应答格式不正确",
        remedy: "拔出后重新插入再试；反复出现时 U-Key 可能已损坏或型号不兼容，请联系发证机构。")
    case .answerTooLong:
      FailureWords(
        title: "U-Key 的应答超出上限",
        remedy: "拔出后重新插入再试；反复出现时不要继续使用该 U-Key，请联系发证机构。")
    case .tokenForeign:
      FailureWords(
        title: "另一类卡片，本工具不直接读取",
        remedy: "用 --provider pkcs11:路径 指定能读它的模块（OpenSC：opensc-pkcs11.so），或插入存有证书的 U-Key。")
    case .applicationMissing:
      FailureWords(
        title: "U-Key 中没有应用",
        remedy: "U-Key 可能尚未制证或已被初始化，请联系发证机构。")
    case .containerMissing:
      FailureWords(
        title: "U-Key 中没有容器",
        remedy: "U-Key 尚未下载证书，请按发证机构的指引下载证书或联系发证机构。")
    case .tokenNotInitialized:
      FailureWords(
        title: "令牌尚未初始化",
        remedy:
          "它还没有密码和证书：由发证机构或用厂商工具初始化（SoftHSM：softhsm2-util --init-token）。"
      )
    case .privateKeyMissing:
      FailureWords(
        title: "证书的私钥不在这个 U-Key 中",
        remedy: "重新插拔没有用：只有证书不能登录。请使用申请该证书时的 U-Key，或向发证机构补办。")
    case .notSupported:
      FailureWords(
        title: "U-Key 不提供此功能",
        remedy: "使用厂商的动态库（--provider skf:路径），或用 ukey unlock request 生成申请交给发证机构。")
    case .keyKindUnusable:
      FailureWords(
        title: "本工具不知道如何用这种密钥签名",
        remedy: "这不说明 U-Key 有问题，也没有要求输入密码。请换 U-Key 上的另一张证书（--container），或用能识别它的动态库（--provider pkcs11:路径 或 skf:路径）。")
    case .libraryNotLoaded:
      FailureWords(
        title: "厂商动态库无法加载",
        remedy: "检查路径和该库依赖的软件包；ukey provider test 路径 可看出缺少什么。")
    case .libraryNotELF:
      FailureWords(
        title: "这个文件不是 Linux 动态库",
        remedy: "请指定厂商的 Linux 动态库（文件名以 .so 结尾）；Windows 的 DLL、安装包或文本文件不能使用。")
    case .libraryArchitecture:
      FailureWords(
        title: "厂商动态库不适用于本机架构",
        remedy: "请安装厂商为本机（uname -m）提供的软件包；Windows 的 DLL 或 32 位库不能使用。")
    case .libraryEnded:
      FailureWords(
        title: "厂商动态库崩溃",
        remedy: "本工具不受影响，会自动重新启动该库：请再试一次（窗口中按 r）；反复出现时请向厂商索取新版本。")
    case .libraryTimeout:
      FailureWords(
        title: "厂商动态库没有响应，已结束",
        remedy: "会自动重新启动：拔出 U-Key 重新插入后再试（窗口中按 r）；并关闭其他正在使用 U-Key 的程序。")
    case .libraryRefused:
      FailureWords(
        title: "厂商动态库报告错误",
        remedy: "拔出后重新插入再试；仍出错时把编号（SAR 或 CKR）告诉厂商或支持人员。")
    case .libraryMissing:
      FailureWords(
        title: "U-Key 已插入，但本机没有它的厂商动态库",
        remedy: "安装发证机构提供的 Linux 驱动包（所需文件已列出）；ukey provider list 可核对是否已找到。")
    case .libraryUnknown:
      FailureWords(
        title: "U-Key 已插入，但没有已知的 Linux 动态库",
        remedy: "向发证机构索取 Linux 驱动；拿到后用 --provider skf:路径 指定。")
    case .libraryNotReady:
      FailureWords(
        title: "厂商动态库已加载，但不能开始工作",
        remedy:
          "先看它给出的编号和输出：多为它的后台服务没有运行，或它的配置没有设置；把这些告诉厂商或支持人员。"
      )
    case .certificateMissing:
      FailureWords(
        title: "U-Key 中没有证书",
        remedy: "请按发证机构的指引下载证书；刚办理的 U-Key 请确认业务已完成。")
    case .certificateMalformed:
      FailureWords(
        title: "证书内容无法识别",
        remedy: "重新读取（窗口中按 r）；仍无法识别时，证书可能写入不完整，请联系发证机构重新下载。")
    case .certificateTooLarge:
      FailureWords(
        title: "证书超出 64 KiB 上限",
        remedy: "正常证书只有几 KiB；请联系发证机构检查该 U-Key。")
    case .certificateCompression:
      FailureWords(
        title: "压缩的证书无法展开",
        remedy: "重新读取（窗口中按 r）；仍失败时请发证机构重新写入证书。")
    case .certificateUnmatched:
      FailureWords(
        title: "U-Key 中没有所指定的证书", remedy: "用 ukey cert list 查看容器名和序列号，再用 --container、--role 或 --serial 指定。")
    case .certificateSum:
      FailureWords(
        title: "U-Key 中的证书超出应有的数量或大小，其余未读取",
        remedy: "正常 U-Key 只有几张证书：请更换 U-Key，或联系发放机构核实它的来源。")
    case .certificatesPrivate:
      FailureWords(
        title: "不输入密码看不到证书",
        remedy:
          "U-Key 中可能没有证书，也可能登录后才能看到：请用厂商的工具输入密码后查看，或询问发证机构。"
      )
    case .certificateAmbiguous:
      FailureWords(
        title: "有多张证书符合要求",
        remedy: "用 --serial 指定其中一张（ukey cert list 中可见）。")
    case .trustDirectory:
      FailureWords(
        title: "信任目录中的 CA 证书无法读取",
        remedy: "检查该文件是否为 PEM 或 DER 格式的 CA 证书，并且当前用户可读。")
    case .pinWrong:
      FailureWords(
        title: "密码不正确",
        remedy: "核对大小写和数字键盘（NumLock），关闭中文输入法后再试；剩余次数见提示，次数用完 U-Key 将锁定。")
    case .pinLocked:
      FailureWords(
        title: "密码已锁定",
        remedy: "不要再试。用“解锁申请”（F3 或 ukey unlock request）向发证机构申请介质解锁，热线 \(Authority.current.hotline)。")
    case .pinRule:
      FailureWords(
        title: "密码不符合规则，没有发送",
        remedy: "按提示修改后重新输入；不计入次数。")
    case .pinTries:
      FailureWords(
        title: "剩余次数太少，没有发送",
        remedy: "确认密码无误后再继续：命令行加 --low-tries（3 次及以下）或 --last-try（最后一次）；没有把握请办理解锁。")
    case .profileUnconfirmed:
      FailureWords(
        title: "指定的配置未经确认，没有发送",
        remedy: "配置不符会消耗尝试次数，甚至锁定 U-Key。确定相符时加上 --low-tries。")
    case .pinProfile:
      FailureWords(
        title: "没有适用于此 U-Key 的密码规格，没有发送",
        remedy: "此 U-Key 目前只能读取。可使用厂商的 SKF 库（--provider skf:路径），或提交解锁/变更申请。")
    case .keyChanged:
      FailureWords(
        title: "读卡器中的 U-Key 已更换，没有发送",
        remedy: "确认插入的是所示 U-Key，重新读取（窗口中按 r）后再操作。")
    case .pinRefused:
      FailureWords(
        title: "U-Key 拒绝了新密码",
        remedy: "密码仍是原来的。换一个符合该 U-Key 要求的新密码（长度、字符）再试。")
    case .pinUnknown:
      FailureWords(
        title: "结果未知：命令已发出，未收到回应",
        remedy: "不要连续尝试。重新插入 U-Key，先试新密码，再试旧密码；每次错误会用掉一次。")
    case .pinNotGiven:
      FailureWords(
        title: "没有输入密码或口令",
        remedy: "在终端中运行，或用以 -fd 结尾的选项指定文件描述符（见 --help）；不接受命令行参数和环境变量。")
    case .pinNotSet:
      FailureWords(
        title: "此 U-Key 还没有设置密码；没有发送",
        remedy:
          "用管理员密码设置：ukey unlock admin；没有管理员密码时请联系发证机构。"
      )
    case .signatureInvalid:
      FailureWords(
        title: "签名与证书不符",
        remedy: "U-Key 中的私钥与证书不是一对，或库的签名格式不同：把诊断报告交给发证机构，可能需要补办证书。")
    case .secretMemory:
      FailureWords(
        title: "无法取得安全内存存放密码",
        remedy: "检查内存锁定上限（ulimit -l）后重试；没有输入或发送任何密码。")
    case .unlockFileMalformed:
      FailureWords(
        title: "文件不是有效的申请或批准文件",
        remedy: "请对方重新发送原始文件（不要用编辑器打开后另存，不要经聊天软件转换）；文件可能不完整。")
    case .unlockFileVersion:
      FailureWords(
        title: "文件版本不受支持",
        remedy: "更新本工具后再试；或请对方用相同版本的工具重新生成。")
    case .unlockFileAltered:
      FailureWords(
        title: "文件内容与摘要不一致，已被改动",
        remedy: "不要使用此文件。请对方重新发送，并通过电话逐字核一遍核对码。")
    case .unlockFileTime:
      FailureWords(
        title: "申请时间不在允许范围内",
        remedy: "检查两台电脑的系统时间；申请过旧时请持有人重新生成。")
    case .unlockField:
      FailureWords(
        title: "申请信息缺少或填写有误",
        remedy: "按提示更正该项后重试；没有写出任何文件。")
    case .unlockNotRemote:
      FailureWords(
        title: "该 U-Key 不能通过文件远程解锁",
        remedy: "把申请表交给发证机构，携带 U-Key 到现场办理；现场可用 ukey unlock admin。")
    case .unlockLog:
      FailureWords(
        title: "审批记录无法写入，未作任何审批",
        remedy: "检查记录文件的权限和磁盘空间（--audit 指定的路径）后重试。")
    case .requestOtherKey:
      FailureWords(
        title: "申请属于另一个 U-Key，未作审批", remedy: "与持有人核对 U-Key 序列号；换用正确的申请，或改正 --serial。")
    case .weakAdminPIN:
      FailureWords(
        title: "管理员密码可由批准文件推算出来，未作任何审批",
        remedy: "发放时用 ukey unlock set-admin 为每个 U-Key 设置派生密码，审批用 --admin-master-fd；明知风险仍要使用时加 --weak-admin-pin。")
    case .notIssued:
      FailureWords(
        title: "发放清单中没有这个 U-Key，或与清单不符，未作审批",
        remedy: "核对序列号、证书序列号和所有者；确已发放的，补入 --issued 清单后重试。")
    case .answerLimit:
      FailureWords(
        title: "这个 U-Key 一天内的审批次数已到上限，未作审批", remedy: "查明为何反复申请；确有需要时调整 --per-day，或请持有人到现场办理。")
    case .auditBroken:
      FailureWords(
        title: "审批记录被改动过", remedy: "原样保留该文件并报告负责人；之后用 --audit 另开一份新记录。")
    case .formatRetired:
      FailureWords(
        title: "申请或批准文件是旧格式（格式 1），没有办理",
        remedy: "请用新版程序重新申请：ukey unlock request；旧格式的批准文件只对旧版程序仍在等待的申请有效。")
    case .deskUnknown:
      FailureWords(
        title: "批准文件不是本机信任的办理台签发的，没有发送",
        remedy: "向发证机构索取办理台证书，核对后放入 /etc/ukey/desk 或 ~/.config/ukey/desk（或用 --desk-cert 指定）；不要使用来历不明的批准文件。")
    case .responseForged:
      FailureWords(
        title: "批准文件的签名不对，没有发送",
        remedy: "不要使用此批准文件。请发证机构重新发送，并通过电话逐字核一遍核对码。")
    case .responseSealedElsewhere:
      FailureWords(
        title: "批准文件不是加密给本申请的，没有发送",
        remedy: "请发证机构对照申请核对码重新审批；必要时重新申请。")
    case .deskKey:
      FailureWords(
        title: "办理台的密钥或证书不能使用",
        remedy: "检查文件：私钥为 PEM 格式的 SM2 密钥、无口令、权限 0600；证书为 SM2 证书且与私钥配对。")
    case .notWaiting:
      FailureWords(
        title: "本机没有在等这份申请",
        remedy: "在提出申请的电脑上、以同一用户办理；申请文件已不在时请重新申请：ukey unlock request。")
    case .challengeMissing:
      FailureWords(
        title: "缺少随机码，未作审批",
        remedy: "请持有人插上 U-Key 运行 ukey unlock challenge，把得到的一行（或 .ukchl 文件）交给办理台，15 分钟内用 --challenge 办理。")
    case .challengeOtherRequest:
      FailureWords(
        title: "随机码属于另一份申请，未作审批",
        remedy: "请持有人对照申请核对码，用同一份申请重新生成随机码。")
    case .answerUnreadable:
      FailureWords(
        title: "发证机构的答复或申请无法识别，没有写入 U-Key",
        remedy: "请发证机构重发；可用的格式见 Docs/renewal.md。")
    case .answerOtherKey:
      FailureWords(
        title: "答复里没有本 U-Key 这份订单的证书，没有写入",
        remedy: "用 ukey renew status 核对订单号，请发证机构按这份申请重新签发。")
    case .answerDiffers:
      FailureWords(
        title: "新证书的内容与旧证书不同，尚未确认，没有写入",
        remedy: "逐项核对。确认无误后加 --accept-differences 再运行；续期不应改变名称。")
    case .answerNotInDate:
      FailureWords(
        title: "新证书不在有效期内，没有写入",
        remedy: "检查本机时间；请发证机构核对证书有效期。")
    case .answerPair:
      FailureWords(
        title: "答复中的加密密钥对无法导入，没有写入",
        remedy: "请发证机构重发完整答复；或改用厂商工具导入。")
    case .renewalNotOffered:
      FailureWords(
        title: "本程序不能在这种 U-Key 上办理续期",
        remedy: "用 ukey renew request（不加 --on-key）生成申请，到发证机构办理；或使用厂商工具。")
    case .renewalRoom:
      FailureWords(
        title: "U-Key 没有空间放新证书，没有写入",
        remedy: "先用厂商工具或在发证机构删除不再使用的容器；切勿删除仍要解密标书的旧证书。")
    case .renewalPairGone:
      FailureWords(
        title: "U-Key 上没有本订单生成的密钥对",
        remedy: "插入办理时的 U-Key；仍不行则重新申请：ukey renew request --on-key --new。旧证书不受影响。")
    case .renewalReadBack:
      FailureWords(
        title: "U-Key 报告成功，但读回的内容不一致",
        remedy: "再次运行同一命令，会从中断处继续；反复出现请联系厂商。旧证书不受影响。")
    case .renewalOrder:
      FailureWords(
        title: "没有这个订单号的订单，或有多份",
        remedy: "运行 ukey renew status 查看订单，用 --order 指明。")
    case .orderForged:
      FailureWords(
        title: "订单不是由旧证书签署的，不予受理",
        remedy: "不要签发。请持有人在原 U-Key 上重新生成申请。")
    case .orderAnswered:
      FailureWords(
        title: "该订单已为另一密钥对签发过，不予重复签发",
        remedy: "核实后请持有人用新的订单重新申请。")
    case .issuer:
      FailureWords(
        title: "签发证书所用的密钥或程序不能使用",
        remedy: "检查 --authority 目录、口令或 U-Key，或单独运行签发程序查看错误。")
    case .oldStillNeeded:
      FailureWords(
        title: "旧证书仍需保留，没有删除",
        remedy: "先完成 ukey renew apply，用新证书登录一次，并确认没有待开标的文件，再删除旧证书。")
    case .oldNotVerified:
      FailureWords(
        title: "签署订单的证书无法核实，没有签发",
        remedy: "用 --trust 指明 CA 证书目录。已用其他方式核对申请人身份时，加 --accept-unverified 签发，并记入审批记录。")
    case .renewalNone:
      FailureWords(
        title: "本机没有这个 U-Key 可继续的续期订单",
        remedy: "用 ukey renew status 查看办到哪里；要新办，用 ukey renew request --on-key。订单只能在生成它的电脑和用户下继续。")
    case .responseOtherKey:
      FailureWords(
        title: "批准文件属于另一个 U-Key，没有发送",
        remedy: "插入批准文件所示序列号的 U-Key；或请发证机构核对申请。")
    case .responseOtherRequest:
      FailureWords(
        title: "批准文件对应另一份申请，没有发送",
        remedy: "使用最后一次随机码的批准文件；重新生成随机码后，之前的批准文件即失效。")
    case .responseExpired:
      FailureWords(
        title: "批准文件已过期，没有发送",
        remedy: "随机码 15 分钟内有效：重新生成后请办理台再审批；同时检查系统时间是否正确。")
    case .responseReplayed:
      FailureWords(
        title: "批准文件已使用过，没有发送",
        remedy: "每份批准文件只能使用一次；仍未解锁时请重新申请。")
    case .challengeGone:
      FailureWords(
        title: "U-Key 的随机码已失效，没有发送",
        remedy: "重新生成随机码（申请仍有效）；等待期间不要拔出 U-Key，不要关闭程序，不要使用其他证书软件。")
    case .terminalUnsuitable:
      FailureWords(
        title: "当前终端无法显示管理窗口",
        remedy: "在普通终端中运行，并检查 TERM（例如 export TERM=xterm-256color）；也可直接使用 ukey status。")
    case .fileExists:
      FailureWords(
        title: "文件已存在，未覆盖",
        remedy: "换一个文件名，或确认覆盖（命令行加 --force）。")
    case .fileWrite:
      FailureWords(
        title: "文件无法写入",
        remedy: "检查目录是否存在、有无写权限、磁盘是否已满，或换一个路径。")
    case .fileRead:
      FailureWords(
        title: "文件无法读取",
        remedy: "检查路径和读权限。")
    case .reportMalformed:
      FailureWords(
        title: "文件不是完整的诊断报告",
        remedy: "需要 ukey doctor --report 文件.json 生成的完整文件；请对方重新发送整个文件，不要复制粘贴。")
    case .pathUntrusted:
      FailureWords(
        title: "其他用户可以改动这个文件，没有使用它",
        remedy: "文件和它上级的各目录须属于 root 或当前用户，且其他人不可写：用 chown、chmod 改正后重试；以 root 运行时也不使用其他用户的配置。")
    case .softTokenState:
      FailureWords(
        title: "软件 U-Key 的目录或状态无法使用",
        remedy: "检查 --dir 目录的权限和剩余空间，或换一个空目录重新开始。")
    case .storeTool:
      FailureWords(
        title: "没有写浏览器证书库的程序 certutil",
        remedy:
          "安装 libnss3-tools（sudo apt install libnss3-tools；Fedora、openEuler：nss-tools；openSUSE：mozilla-nss-tools），然后再试一次。"
      )
    case .virtualReader:
      FailureWords(
        title: "无法连接虚拟读卡器",
        remedy: "确认 pcscd 已运行并安装 vsmartcard-vpcd，端口与 --vpcd 一致（默认 127.0.0.1:35963）。")
    case .keyServiceAbsent:
      FailureWords(
        title: "密钥服务没有运行",
        remedy: "用 ukey serve 启动它，或在管理窗口按 F7 再按 x；安装包装好的用 systemctl --user start ukey-service。")
    case .keyServiceProgram:
      FailureWords(
        title: "没有找到密钥服务的程序 ukey-service",
        remedy: "重新安装：它应与 ukey 在同一目录，或在其旁的 libexec 中。")
    case .keyServiceRunning:
      FailureWords(
        title: "密钥服务已在运行",
        remedy: "不需要第二个。用 ukey serve status 查看；要换参数，先停掉正在运行的。")
    case .crypto:
      FailureWords(
        title: "密码算法库出错",
        remedy: "更新 OpenSSL（libssl3）；仍出错时把编号和数字告诉支持人员。")
    case .cancelled:
      FailureWords(
        title: "操作已取消",
        remedy: "需要时重新操作。")
    case .internalError:
      FailureWords(
        title: "程序内部错误",
        remedy: "请把编号、数字和操作步骤告诉支持人员，然后重新启动本工具。")
    }
  }
}
