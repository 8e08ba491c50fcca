extension HelpWords {
  /// 简体中文. A test shows that no sentence is missing.
  static let zh = HelpWords(
    headings: [
      ("OVERVIEW: ", "概述："), ("USAGE: ", "用法："), ("ARGUMENTS:", "参数："), ("OPTIONS:", "选项："),
      ("SUBCOMMANDS:", "子命令："), ("Error: ", "错误："), (HelpWords.help, "说明："), ("Usage: ", "用法："),
    ],
    beginnings: [
      ("Unknown option ", "没有这个选项："), ("Missing expected argument ", "缺少参数 "), ("Missing value for ", "缺少选项的值："),
      ("Unexpected argument ", "多余的参数："), ("The value ", "值 "), ("Settings of the PIV card: ", "PIV 卡的设置："),
      ("Contents of a new GM/T 0017 card: ", "新 GM/T 0017 卡的内容："),
    ],
    phrases: [
      (". Did you mean ", "。是不是 "), (" is invalid for ", " 不能用于 "), (". Please provide one of ", "。可用："),
      (" and '", "、'"), (" takes one of: ", " 只能是："), (" takes ", " 应为 "), (": known are ", "：已知 "),
      (": known links are ", "：已知环节 "), ("1 to 600 seconds", "1 至 600 秒"),
      (" unexpected arguments: ", " 个多余的参数："),
    ],
    values: "可选：", defaultValue: "默认：", defaultBehind: "；默认：", see: "详见：", subcommand: "<子命令>",
    options: "<选项>", isDefault: "（默认）",
    sentences: [
      "\(Authority.current.name)管理工具 · 终端版: certificates, PIN and diagnosis of U-Keys.":
        """
      \(Authority.current.name)管理工具 · 终端版：U-Key 的证书、密码与诊断。单独运行即打开管理窗口。
      """,
      "Show the version.":
        "显示版本。",
      "Show help information.":
        "显示帮助。",
      "Show each key, its certificates, their validity and the PIN tries left.":
        "显示每个 U-Key、证书、有效期和密码剩余次数。",
      "List, show and export certificates.":
        "列出、查看、导出证书。",
      "Show the PIN's state, check or change the PIN.":
        "查看密码状态，核对或修改密码。",
      "Request, approve and apply the unlocking of a key.":
        "介质解锁：申请、审批、导入。",
      "Walk the chain from the terminal to the login and name the first broken link.":
        "从终端到登录逐项检查，指出卡在哪一步。",
      "Sign a challenge with the key and verify it with the certificate, link by link.":
        "登录自检：用 U-Key 签名、用证书验签，逐项显示。",
      "The service on this computer that the login button of web pages calls.":
        "密钥服务：网页上的“证书登录”按钮呼叫的本机服务。",
      "Alone it runs the service until it is interrupted. Exit code: 0, or 10 when it runs already.":
        "单独使用即运行服务，直到中断。退出码：0；已在运行则为 10。",
      "Run the service until it is interrupted.":
        "运行服务，直到中断。",
      "Start the service in the background; it goes on when the terminal closes.":
        "在后台启动服务；关闭终端后继续运行。",
      "Stop the service.":
        "停止服务。",
      "Where keys are looked for: pcsc, skf:PATH, pkcs11:PATH; may be given more than once.":
        "在哪里找 U-Key：pcsc、skf:PATH、pkcs11:PATH，可多次给出。",
      "Whether it runs, its ports and who has one that it does not get, the sites that were allowed.":
        "是否在运行，各端口及占用者，允许过的网站。",
      "Exit code: 0 it runs, 10 it does not.":
        "退出码：0 在运行，10 没有运行。",
      "Switch an interface on: another vendor's protocol, on its ports.":
        "启用一个接口：另一厂商的协议及其端口。",
      "Switch an interface off; its ports are closed.":
        "停用一个接口，关闭其端口。",
      "szca-soap, szca-socket, mtoken, xtx or ukey.":
        "接口名：szca-soap、szca-socket、mtoken、xtx、ukey。",
      "List the sites that were allowed, or take back what one may.":
        "列出允许过的网站，或收回对某个网站的许可。",
      "The sites that were allowed and what each may.":
        "允许过的网站及各自可以做什么。",
      "Take back all that a site may; it is asked about anew when it comes again.":
        "收回对一个网站的全部许可；它再来时会重新询问。",
      "As listed: https://portal.example":
        "网站地址，写法同列表：https://portal.example",
      "Have PINs for web pages asked on this terminal.":
        "让密钥服务在此终端询问网页所需的密码。",
      "Let browsers trust this service's own certificate, for old pages that insist on TLS.":
        "让浏览器信任密钥服务自己的证书，供写死 https/wss 的旧网页使用。",
      "Makes a CA that can speak for this computer alone and puts it into every browser store of yours that is found. Pages that use http and ws do not need it. Exit code: 0, or 10 when a store did not take it.":
        "生成只能证明本机的 CA，放入找到的每个浏览器证书库。用 http 和 ws 的网页不需要它。退出码：0；有证书库没有放入则为 10。",
      "Take the service's own certificate out of every browser store, and its keys off this computer.":
        "从每个浏览器证书库取出密钥服务的证书，并从本机删除其密钥。",
      "Print one line for each reader and key event until interrupted.":
        "读卡器和 U-Key 每次插拔输出一行，直到中断。",
      "List vendor libraries (SKF, PKCS#11) and look at one closely.":
        "列出厂商动态库（SKF、PKCS#11），或检查其中一个。",
      "The container or PIV slot whose certificate is tested.":
        "用哪个容器或 PIV 槽位中的证书测试。",
      "Exit code: 0 listed, 5 no key, 6 no certificate, 10 service or driver fault, 11 some could not be read.":
        "退出码：0 已列出，5 没有 U-Key，6 没有证书，10 服务或驱动故障，11 有证书读不出来。",
      "List all certificates of all keys, the most urgent first.":
        "把所有 U-Key 的所有证书列成一张表，最急的在前。",
      "Only those of which something must be done.":
        "只列需要处理的。",
      "Only those that end within so many days, or have ended.":
        "只列这么多天内到期或已经到期的。",
      "For a spreadsheet: comma-separated, as in RFC 4180.":
        "供电子表格使用：逗号分隔（RFC 4180）。",
      "Also code, serial number and reader, however wide the terminal is.":
        "再加信用代码、证书序列号、读卡器，不管终端多宽。",
      "Tell what a failure code, a cause, an exit code or a word on the screen means.":
        "解释故障编号、诊断原因、退出码或界面上的一个词。",
      "Such as UK-113, 113, pcscd-socket-missing, card.free, 8, or a word; without it all are listed.":
        "例如 UK-113、113、pcscd-socket-missing、card.free、8 或一个词；不写则列出全部。",
      "Print the page for holders, the handbook for support, or how to deploy to many computers.":
        "显示给持有人的一页说明、支持人员手册或部署说明。",
      "Which page.":
        "哪一份。",
      "As one HTML file to print on A4 paper.":
        "输出一个 HTML 文件，可打印在 A4 纸上。",
      "Run a software card in a virtual reader (vpcd).":
        "在虚拟读卡器（vpcd）中运行软件卡。",
      """
      Exit code: 0 ok, 3 expiring within the reminder window, 4 expired or not yet valid, 5 no key,\
       6 no certificate, 8 PIN locked, 10 service or driver fault.
      """:
        """
      退出码：0 正常，3 即将到期，4 已过期或尚未生效，5 没有 U-Key，6 没有证书，8 密码已锁定，10 读卡服务或驱动故障。
      """,
      "Language of the words: zh or en; by default that of the locale.":
        "界面语言：zh 或 en，默认随系统区域设置。",
      "Print JSON.":
        "输出 JSON。",
      "The embedded software token with sample certificates (演示/DEMO) instead of real keys.":
        "用内置演示 U-Key 和示例证书（演示/DEMO），不用真 U-Key。",
      """
      Where keys are looked for: pcsc, skf:PATH, pkcs11:PATH (or a name of p11-kit's list), p11-kit;\
       may be given more than once. Default: pcsc and the vendor libraries found in their known places.
      """:
        """
      在哪里找 U-Key：pcsc、skf:路径、pkcs11:路径（或 p11-kit 列表中的名称）、p11-kit；可多次给出。默认 pcsc 和已知位置的厂商动态库。
      """,
      "Days before the end that count as expiring.":
        "到期前多少天算即将到期。",
      "Also the retired slots 82 to 95 of PIV cards.":
        "也读取 PIV 卡的 82 至 95 号旧密钥槽。",
      """
      Directory of CA certificates (PEM or DER) to check chains against. Default: ~/.config/ukey/ca,\
       else /etc/ukey/ca.
      """:
        """
      检查证书链用的 CA 证书目录（PEM 或 DER）。默认 ~/.config/ukey/ca，其次 /etc/ukey/ca。
      """,
      "One line a certificate.":
        "每张证书一行。",
      "Print one certificate.":
        "显示一张证书。",
      "Write one certificate to a file: DER when the name ends in .der or .cer, PEM otherwise.":
        "把一张证书写入文件：文件名以 .der 或 .cer 结尾为 DER，否则 PEM。",
      "Only this reader, by its name or a part of it.":
        "只用这个读卡器：它的名称或名称的一部分。",
      "Only this key, by its serial number, the end of it, or your own name for it (ukey name).":
        "只用这个 U-Key：它的序列号、序列号的末几位，或自己起的名称（ukey name）。",
      "Give a key a name of your own, take it away, or list the names.":
        "给 U-Key 起个自己的名称、取消名称，或列出全部名称。",
      "The name is kept on this computer, by the key's serial number; nothing is written to the key. It is shown with the key, and --key takes it.":
        "名称按 U-Key 的序列号记在这台电脑上，不写入 U-Key；显示 U-Key 时会一并显示，--key 也认它。",
      "The name; without it the names are listed.":
        "名称；不写则列出全部名称。",
      "Compare two certificates or two keys: what differs after a renewal.":
        "比较两张证书或两个 U-Key：续期前后有什么不同。",
      "Each side is a certificate's file (PEM or DER), or a key by the end of its serial number or your own name for it; without a second one it is the key that is plugged in. Beside a file, of a key the certificate of the same owner and use is taken, or the one that is named. A file wins over a key called so.":
        "每一边是一个证书文件（PEM 或 DER），或一个 U-Key（序列号末几位，或自己起的名称）；不写第二个即为插着的 U-Key。与文件比较时，取 U-Key 中同一所有者、同一用途的证书，或用选项指定的那张。文件与 U-Key 同名时以文件为准。",
      "A certificate's file, or a key.":
        "证书文件，或 U-Key。",
      "The same; without it the key that is plugged in.":
        "同上；不写即为插着的 U-Key。",
      "Also what is the same.":
        "相同的内容也列出。",
      "Take the name away.":
        "取消名称。",
      "The whole serial number of a key that need not be plugged in.":
        "U-Key 的完整序列号，不必插着。",
      "--remove takes no name":
        "--remove 后面不写名称",
      "--serial takes a name, or --remove":
        "--serial 要与名称或 --remove 一起用",
      "NAME takes 1 to 40 characters that show":
        "名称应为 1 至 40 个可显示的字符",
      "Also a notification on the desktop for each key that is read, by notify-send.":
        "每读出一个 U-Key 也发桌面通知（用 notify-send）。",
      "The container or PIV slot it is in; retired slots (82 to 95) too.":
        "所在的容器或 PIV 密钥槽，包括退役槽（82 至 95）。",
      "What the certificate is for, as ukey cert list --json prints it; sign and enc for short.":
        "证书的用途，如 ukey cert list --json 所示；sign 即签名证书，enc 即加密证书。",
      "Its serial number, as any program prints it.":
        "证书的序列号，哪个程序显示的写法都可以。",
      "As PEM, as DER, or in full as text (the default).":
        "以 PEM、DER 或完整文字（默认）显示。",
      "The file.":
        "文件。",
      "DER, whatever the name says.":
        "不论文件名，一律 DER。",
      "Overwrite the file if it exists.":
        "文件已存在时覆盖。",
      "Tries left and whether it is locked or still the default. Costs no try.":
        "剩余次数、是否锁定、是否仍为初始密码。不计入次数。",
      "Tell whether this is the PIN. A wrong one costs a try.":
        "核对密码。密码错误会用掉一次。",
      "Change the PIN.":
        "修改密码。",
      """
      The PIN is asked on the terminal, or read from a file descriptor. The key is left not logged\
       in. Exit code: 0 right, 7 wrong PIN, 8 locked, 9 not sent, 11 outcome unknown.
      """:
        """
      密码在终端上询问，或从文件描述符读取；之后 U-Key 不保持登录。退出码：0 正确，7 密码错误，8 已锁定，9 没有发送，11 结果未知。
      """,
      "Read the PIN from this file descriptor.":
        "从这个文件描述符读取密码。",
      "Go on with few tries, at most 3 (scripts; people are asked).":
        "剩余次数少（不超过 3 次）时也继续（用于脚本；人工操作时会询问）。",
      "Go on even with the last try.":
        "只剩最后一次也继续。",
      "The application on the key, when it has several.":
        "U-Key 上有多个应用时，指定应用。",
      "Use this GM/T 0017 profile whatever the key says. A wrong profile costs tries: confirmed in words.":
        """
      不论 U-Key 类型，一律使用这个 GM/T 0017 配置。配置不符会消耗次数，须输入文字确认。
      """,
      "The administrator PIN instead of the user PIN. A PIV card cannot check its PUK alone.":
        "管理员密码，而不是用户密码。PIV 卡不能单独核对 PUK。",
      """
      The PIN is asked on the terminal, or read from file descriptors; never from arguments or the\
       environment. Both descriptors may be the same: old PIN and new PIN on a line each. Exit code:\
       0 changed, 7 wrong PIN, 8 locked, 9 not sent, 11 outcome unknown.
      """:
        """
      密码在终端上询问，或从文件描述符读取，不从参数和环境变量读取。两个描述符可以相同：旧密码、新密码各一行。退出码：0 已修改，7 密码错误，8 已锁定，9 没有发送，11 结果未知。
      """,
      "Read the new PIN from this file descriptor.":
        "从这个文件描述符读取新密码。",
      "The administrator PIN (PUK) instead of the user PIN.":
        "管理员密码（PUK），而不是用户密码。",
      "Renew a certificate (续期): request it, bring the answer onto the key.":
        "证书续期：申请，并把答复写入 U-Key。",
      "Also make a key pair on the key, in a new container, and an order for its certificate. Asks for the PIN.":
        "同时在 U-Key 的新容器中生成密钥对，并写出证书订单。需要输入密码。",
      "The order file; by default beside the request.":
        "订单文件，默认放在申请旁边。",
      "Also write the certificate request (PKCS#10, PEM).":
        "同时写出证书请求（PKCS#10，PEM）。",
      "Begin a new order though one for this certificate is not finished.":
        "即使这张证书已有未办完的订单，也另开一份。",
      "On a key without a certificate: ask for the name in this one.":
        "U-Key 上没有证书时，按这张证书的名称申请。",
      "Bring the authority's answer onto the key.":
        "把发证机构的答复写入 U-Key。",
      "Reads CSRResponse (GM/T 0092), certificates (PEM, DER, PKCS#7), SM2EnvelopedKey and the SKF key pair, in one file or several. Each part is read back, and both pairs are tried. The old certificate stays. Exit code: 0 done, 7 wrong PIN, 8 locked, 9 refused, nothing written.":
        "可读 CSRResponse（GM/T 0092）、证书（PEM、DER、PKCS#7）、SM2EnvelopedKey 和 SKF 加密密钥对，一个或多个文件。每一项都读回核对，两对密钥都检验。旧证书保留。退出码：0 已完成，7 密码错误，8 已锁定，9 拒绝、没有写入。",
      "The answer, or its parts.":
        "答复文件，或其各个部分。",
      "Which order, by its number or how it begins.":
        "指明订单：订单号或其开头。",
      "Write it though name, code, issuer or chain differ from the old certificate's.":
        "名称、信用代码、签发者或证书链与旧证书不同也写入。",
      "Go on with an order that was interrupted.":
        "继续中断的订单。",
      "Looks at the key, says where the order stands, and does what is missing.":
        "查看 U-Key，说明订单进展，补上未完成的步骤。",
      "The order file; by default where it was to be written, or ORDER.ukord.":
        "订单文件，默认写到原定的位置，否则为 订单号.ukord。",
      "The orders that this computer knows, and where each stands. Needs no key.":
        "本机的订单及各自进展。不需要 U-Key。",
      "Remove the old certificate and its keys, for good.":
        "永久删除旧证书及其密钥。",
      "Only after the new certificate has been tried on the key, and only the container that was renewed. Bids encrypted to the old certificate can never be opened again.":
        "只在新证书已在 U-Key 上通过检验后、只删除办理续期的那个容器。用旧证书加密的标书此后再也无法解密。",
      "All bids are opened: remove without asking.":
        "全部已开标：不再询问，直接删除。",
      "The issuer's side of a renewal: answers orders with certificates.":
        "发证一侧：为续期等订单签发证书。",
      "Make a private authority (私有CA/测试) with its key management in a folder.":
        "在一个目录中建立私有CA（测试用），含密钥管理。",
      "Its certificates are worth something only where its own, FOLDER/authority.pem, is trusted. Its key lies in the folder under a passphrase, or with --on-key in a key or PKCS#11 module, which makes it.":
        "它签发的证书只在信任 目录/authority.pem 的地方有效。私钥加口令存放在目录中；用 --on-key 则由 U-Key 或 PKCS#11 模块生成并保管。",
      "Read the passphrase of the authority's key from this file descriptor.":
        "从这个文件描述符读取私有CA 私钥的口令。",
      "The authority's key is made in the plugged-in key (SM2), or by its module (P-256, RSA), and stays there.":
        "私有CA 的私钥由插入的 U-Key（SM2）或其模块（P-256、RSA）生成，并一直留在里面。",
      "Issue though the old certificate was not verified: you know in another way who asks. Recorded.":
        "旧证书无法核实也签发：已用其他方式核对申请人身份。会记入审批记录。",
      "Put an order away that is no longer wanted. Nothing changes on the key.":
        "不再办理一份订单。U-Key 上的内容不会改动。",
      "What the order has made on the key stays there: a container with a pair, perhaps with certificates. Needs no key.":
        "订单在 U-Key 上建立的容器、密钥对和证书都保留。不需要插入 U-Key。",
      "Put it away without asking.":
        "不再询问，直接放弃。",
      "The folder.":
        "目录。",
      "Its common name.":
        "它的名称（CN）。",
      "Answer an order with a certificate.":
        "为一份订单签发证书。",
      "With --authority by a private authority (ukey desk authority), with --connector by a program: it gets a line of JSON and the PKCS#10 in PEM, and gives CSRResponse (GM/T 0092). One order has one answer: asked again, the same bytes are given. Each decision is appended to the audit file. Nothing is issued while the old certificate's chain is not trusted, it is out of date, or there is none: --accept-unverified overrules that, and the record says so.":
        "--authority 由私有CA（ukey desk authority）签发；--connector 由一个程序签发：它从标准输入得到一行 JSON 和 PEM 格式的 PKCS#10，输出 CSRResponse（GM/T 0092）。一份订单只有一份答复，再次办理给出同样的内容。每次决定都记入审批记录。旧证书的链不受信任、不在有效期内或没有旧证书时不签发；--accept-unverified 可强制签发，并记入审批记录。",
      "The .ukord file.":
        ".ukord 文件。",
      "The folder of a private authority.":
        "私有CA 的目录。",
      "The program that issues.":
        "签发程序。",
      "The answer file; by default beside the order.":
        "答复文件，默认放在订单旁边。",
      "The request that belongs to it; by default NAME.ukreq beside the order, where it is there.":
        "对应的申请；默认为订单旁边的同名 .ukreq（如果有）。",
      "Where answers are kept; by default answers in the authority's folder or the state directory.":
        "答复的存放目录；默认为私有CA目录或状态目录下的 answers。",
      "Days that certificates of the private authority are valid.":
        "私有CA 证书的有效天数。",
      "Issue without asking.":
        "不再询问，直接签发。",
      "Overwrite an existing answer file.":
        "覆盖已有的答复文件。",
      "Make a request for renewal, with --form also the form to print.":
        "生成续期申请；加 --form 同时生成可打印的申请表。",
      "Ask for a new key in place of a damaged one (补办).":
        "U-Key 损坏时申请介质补办。",
      "Make a request for a replacement, with --form also the form to print.":
        "生成介质补办申请；加 --form 同时生成可打印的申请表。",
      "Ask for a change of what the certificate says (变更).":
        "申请变更证书内容。",
      "Make a request for a change, with --form also the form to print.":
        "生成变更申请；加 --form 同时生成可打印的申请表。",
      "Write every certificate of every key into a folder, with a list of them.":
        "把所有 U-Key 的所有证书写入一个文件夹，并附清单。",
      "Names are made of owner, use and the end of the serial number. certificates.csv beside them says which file holds what. For one certificate: ukey cert export.":
        "文件名由所有者、用途和序列号末尾组成；同时写 certificates.csv 清单。只导出一张请用 ukey cert export。",
      "Every certificate; there is no other choice yet, so that nothing is written by mistake.":
        "全部证书；目前只有这一种，写出来以免误写。",
      "Write the window's log (l) to this file too.":
        "把窗口的日志（l）同时写入这个文件。",
      "Record key after key: plug one in, read its page, pull it out, the next.":
        "逐个登记 U-Key：插入、看一页摘要、拔出、下一个。",
      "Each key is one JSON line at the end of the file, on disk before it is said to be. A key that cannot be read is a line with its error. No PIN is asked.":
        "每个 U-Key 在文件末尾写一行 JSON，落盘之后才提示“已记录”。读不出来的也记一行及原因。不需要密码。",
      "The file that lines are put at the end of.":
        "在其末尾追加的文件。",
      "End after so many keys.":
        "登记这么多个后结束。",
      "As PEM, or as DER.":
        "PEM 或 DER 格式。",
      "The folder; it is made where it is missing.":
        "文件夹；没有时会新建。",
      "Make a request for unlocking, renewal, replacement or change.":
        "制作解锁、续期、补办或变更申请。",
      "Answer a request, or all requests of a directory, with the administrator PIN.":
        "用管理员密码审批一份申请，或一个目录中的全部申请。",
      "Apply a response to the key whose request is open.":
        "把批准文件应用到正在等待的 U-Key。",
      "Unlock the key in the reader with the administrator PIN (PUK of a PIV card).":
        "用管理员密码（PIV 为 PUK）现场解锁 U-Key。",
      """
      Writes NAME.ukreq and, with --form, a form to print. No PIN is needed or written, and the key may\
       be put away. When the desk is ready: ukey unlock challenge; with --wait that follows at once.
      """:
        """
      写出 NAME.ukreq，加 --form 时还写出可打印的申请表。不需要也不写出密码，U-Key 可以收好。办理台准备好后运行 ukey unlock challenge；加 --wait 则随即进行。
      """,
      "When the desk is ready: make the key's challenge for a waiting request.":
        "办理台准备好后：为等待中的申请生成 U-Key 的随机码。",
      """
      Prints one line for the desk, also as a QR code and with --out as a file, and holds the key for 15\
       minutes: leave it in. The answer is waited for (--wait), typed or pasted in, or applied from\
       another terminal. The new PIN is asked on the terminal or read from --new-pin-fd; nobody else\
       learns a PIN.
      """:
        """
      为办理台打印一行随机码，也可用二维码、加 --out 写成文件；此后 15 分钟内占用 U-Key，请勿拔出。批准文件可以等待（--wait）、输入或粘贴，或在另一终端应用。新密码在终端上询问，或从 --new-pin-fd \
      读取；没有别人知道密码。
      """,
      "The .ukreq file; by default the newest request that waits for this key.":
        ".ukreq 文件，默认为这个 U-Key 最近的等待中的申请。",
      "Write the challenge to this file as well.":
        "同时把随机码写入这个文件。",
      """
      The desk is ready: make the challenge too (NAME.ukchl), wait until this response file is there, and\
       apply it.
      """:
        "办理台已准备好：同时生成随机码（NAME.ukchl），等到这个批准文件出现后应用。",
      "Do not wait for the desk: the default.":
        "不等待办理台（默认）。",
      """
      Accept answers of the desk with this certificate; by default those in /etc/ukey/desk and\
       ~/.config/ukey/desk.
      """:
        "接受持此证书的办理台的批准文件；默认为 /etc/ukey/desk 和 ~/.config/ukey/desk 中的证书。",
      "Sign answers with this SM2 key (PEM); by default desk-signing.key in ~/.config/ukey.":
        "用这个 SM2 私钥（PEM）签发批准文件，默认 ~/.config/ukey 中的 desk-signing.key。",
      "The certificate that belongs to it; by default desk-signing.crt in ~/.config/ukey.":
        "与私钥配对的证书，默认 ~/.config/ukey 中的 desk-signing.crt。",
      "The holder's challenge: its line, or the file that holds it.":
        "持有人的随机码：整行，或存有它的文件。",
      "Name of the contact person (经办人).":
        "经办人姓名。",
      "Mobile number of the contact person, 11 digits.":
        "经办人手机号，11 位。",
      "Why: for example 忘记密码.":
        "原因，例如：忘记密码。",
      "How it is handed over: collect (现场领取) or post (邮寄).":
        "领取方式：collect（现场领取）或 post（邮寄）。",
      "Where to send it, for --delivery post.":
        "邮寄地址，用于 --delivery post。",
      "Credit code of the organisation; by default that of the certificate.":
        "单位的统一社会信用代码，默认取自证书。",
      "Keep these data for the next request.":
        "记住这些信息，供下次申请使用。",
      "Delete the data kept by an earlier --remember.":
        "删除以前用 --remember 记住的信息。",
      "What for: unlock, renew, reissue or change.":
        "业务类型：unlock 解锁、renew 续期、reissue 补办、change 变更。",
      "The request file; by default SERIAL.ukreq.":
        "申请文件，默认 U-Key 序列号.ukreq。",
      "Also write a form to print and stamp.":
        "同时写出可打印、盖章的申请表。",
      "Wait until this response file is there, and apply it.":
        "等到这个批准文件出现后应用。",
      "Show the QR code; by default on a terminal.":
        "显示二维码；在终端上默认显示。",
      "Write without asking.":
        "不询问，直接写入。",
      "Overwrite existing files.":
        "覆盖已有文件。",
      """
      Needs no key. The challenge is what ukey unlock challenge says at the holder's: a line, a file, or\
       NAME.ukchl beside the request; it lives 15 minutes. The administrator PIN is asked on the terminal\
       or read from --admin-pin-fd. The temporary user PIN is random, or read from --new-pin-fd; it goes\
       sealed with the answer and is told to nobody. Each decision is appended to the audit file. Exit\
       code of a directory: 0 all approved, 1 some refused.
      """:
        """
      不需要 U-Key。随机码由持有人运行 ukey unlock challenge 得到：一行、一个文件，或与申请同名的 .ukchl，15 分钟内有效。管理员密码在终端上询问，或从 --admin-pin-fd \
      读取。临时用户密码随机生成，或从 --new-pin-fd 读取；它随批准文件加密，不告诉任何人。每个决定都追加到审计文件。目录的退出码：0 全部批准，1 有的被拒绝。
      """,
      "A .ukreq file, or a directory with such files.":
        ".ukreq 文件，或含这类文件的目录。",
      "The response file; for a directory the directory of the responses. By default beside the request.":
        "批准文件；申请为目录时是批准文件的目录。默认与申请放在一起。",
      "Refuse it unless it is for the key with this serial.":
        "U-Key 序列号不是这个就拒绝。",
      "Refuse requests older than so many hours.":
        "拒绝早于这么多小时的申请。",
      "Read the administrator PIN from this file descriptor.":
        "从这个文件描述符读取管理员密码。",
      "Derive each key's administrator PIN from the secret read from this file descriptor.":
        "从这个文件描述符读取主密钥，为每个 U-Key 派生管理员密码。",
      "Use an administrator PIN that can be found from the answer.":
        "使用可由批准文件推算出来的管理员密码。",
      "Answer only for keys in this list (ukey unlock set-admin --issued).":
        "只审批此清单中的 U-Key（见 ukey unlock set-admin --issued）。",
      "Answers that one key may have in 24 hours.":
        "一个 U-Key 24 小时内的审批次数上限。",
      "Refuse it unless this is its check code, as read over the telephone.":
        "核对码不是这个就拒绝（电话核对用）。",
      "At issuing: set the administrator PIN that the desk derives for this key.":
        "发放 U-Key 时：设置由办理台为它派生的管理员密码。",
      """
      For the certificate authority. The new PIN is derived from the secret of --admin-master-fd, the\
       key's issuer and its serial, and never shown; approve --admin-master-fd derives it again. --pin-fd\
       gives the present administrator PIN. Exit code: 0 set, 7 wrong administrator PIN, 8 it is locked,\
       9 not sent, 11 outcome unknown.
      """:
        """
      发证机构使用。新密码由 --admin-master-fd 的主密钥、U-Key 的发行者和序列号派生，从不显示；审批时 approve \
      --admin-master-fd 会再次派生。--pin-fd 给出现在的管理员密码。退出码：0 已设置、7 管理员密码错误、8 已锁定、9 \
      未发送、11 结果未知。
      """,
      "Add the key to this list of issued keys first.":
        "先把 U-Key 加入这份发放清单。",
      "The record of the desk's decisions.":
        "办理台的审批记录。",
      "Tell whether the record is as it was written.":
        "检查审批记录是否未被改动。",
      """
      Each line holds its number and the SM3 of the line before. A line altered, removed or inserted\
       shows; a record whose end was cut off shows only against a line noted elsewhere (--holds), as the\
       system's journal has it for each decision. Exit code: 0 whole, 1 not.
      """:
        """
      每行含行号和上一行的 SM3。改动、删除、插入行都能看出；末尾被截去只能与另行记下的行比对（--holds），系统日志中每个决定都有一条。退出码：0 完整，1 不完整。
      """,
      "Require this line with this SM3, as noted elsewhere.":
        "要求此行的 SM3 如另行记下的那样。",
      "Read the temporary user PIN from this file descriptor.":
        "从这个文件描述符读取临时用户密码。",
      "Write the random temporary PINs to this file descriptor as well, FILE<TAB>PIN a line.":
        "把随机的临时密码也写到这个文件描述符（每行 文件<TAB>密码）。",
      "The audit file; by default unlock-audit.jsonl in the state directory.":
        "审计文件，默认为状态目录中的 unlock-audit.jsonl。",
      "Approve without asking.":
        "不询问，直接批准。",
      "Overwrite existing responses.":
        "覆盖已有批准文件。",
      """
      The program that made the challenge must still be waiting, so that the key keeps it. The new PIN is\
       asked on the terminal or read from --new-pin-fd; unlocking and changing the PIN are one. --pin-fd\
       gives the temporary PIN of an answer of the old format.
      """:
        """
      生成随机码的程序必须仍在等待，U-Key 才保有它。新密码在终端上询问，或从 --new-pin-fd 读取；解锁与改密一次完成。--pin-fd 给出旧格式批准文件的临时密码。
      """,
      "The .ukresp file, or its line.":
        ".ukresp 文件，或其整行。",
      "Only change the temporary PIN of an answer that was applied, where that was cut off.":
        "批准文件已应用但改密中断时，只修改临时密码。",
      "Do not ask whether to go on.":
        "不询问是否继续。",
      """
      --pin-fd gives the administrator PIN. Exit code: 0 unlocked, 7 wrong administrator PIN, 8 it\
       is locked, 9 not sent, 11 outcome unknown.
      """:
        """
      --pin-fd 给出管理员密码。退出码：0 已解锁，7 管理员密码错误，8 管理员密码已锁定，9 没有发送，11 结果未知。
      """,
      "Read the new user PIN from this file descriptor.":
        "从这个文件描述符读取新的用户密码。",
      """
      Prints the first broken link, its cause and what to do; then the whole chain; then the evidence.\
       Exit code: 0 no broken link, 3 certificate expiring, 4 expired or not yet valid, 5 no key, 6\
       no certificate, 7 PIN wrong (--login), 8 PIN locked, 9 PIN not sent, 10 any other broken link,\
       11 a link is not known.
      """:
        """
      先说卡在哪一步、原因和处理，再列出全部环节和查到的情况。退出码：0 没有不通的环节，3 证书即将到期，4 已过期或尚未生效，5 没有 U-Key，6 没有证书，7 密码错误（--login），8 密码已\
      锁定，9 密码没有发送，10 其他环节不通，11 有环节无法判断。
      """,
      "Seconds for everything.":
        "总时限（秒）。",
      "Lines that are only ever added, as each link is found.":
        "逐行输出，查到一项输出一行。",
      "No connection leaves this computer.":
        "不连接本机以外。",
      "The platform that is logged in to.":
        "要登录的平台。",
      "The local key service that the web page needs: a known name, or https://127.0.0.1:PORT.":
        "网页所需的本机证书服务：已知名称，或 https://127.0.0.1:端口。",
      "A vendor library to be checked; may be given more than once.":
        "要检查的厂商动态库；可多次给出。",
      "Read /sys, /etc and /usr of this recorded tree.":
        "从这个录制的目录树读取 /sys、/etc 和 /usr。",
      "Write a report: .json, .md or .html. Personal data is shortened.":
        "写出报告：.json、.md 或 .html。个人信息会缩略。",
      "Keep personal data in the report and in what is printed.":
        "报告和屏幕输出中保留个人信息。",
      "Read this login page and its scripts, run none, and say which services of this computer it calls.":
        "读取这个登录页及其脚本（不运行），指出它呼叫本机的哪些服务。",
      "What is complained of; its links come first: button (login does nothing), key (not seen), pin (wrong), page (does not open).":
        "遇到的现象，先讲与它有关的环节：button 点登录没反应，key 看不到 U-Key，pin 密码不对，page 网页打不开。",
      "Overwrite the report file if it exists.":
        "报告文件已存在时覆盖。",
      "Show a report (.json) that somebody else made.":
        "显示别人生成的报告（.json）。",
      "Only this link and what it needs, by its id.":
        "只检查这一环节及其前提（按编号）。",
      "Also sign a challenge with the key and verify it; asks for the PIN.":
        "同时做登录自检，会询问密码。",
      "Offer the repair also when this is no terminal; the yes is read from standard input.":
        "不在终端上也提供修复，从标准输入读取确认。",
      """
      Looks first at what needs no PIN: a link that is broken there costs no try. Exit code: 0 passed,\
       4 expired or not yet valid, 5 no key, 6 no certificate, 7 PIN wrong, 8 locked, 9 not sent, 10\
       any other broken link, 11 outcome unknown.
      """:
        """
      先检查不需要密码的环节，那里有不通的就停下，不计入次数。退出码：0 通过，4 已过期或尚未生效，5 没有 U-Key，6 没有证书，7 密码错误，8 已锁定，9 没有发送，10 其他环节不通，11 结果未\
      知。
      """,
      "The libraries that are used by default, the plugged-in keys they are for, and p11-kit's modules. Loads nothing.":
        "默认使用的厂商动态库、各自对应的已插入 U-Key，以及 p11-kit 的模块。不加载任何库。",
      """
      Load a library in a process of its own; show what it is, its ABI, its devices and the time per\
       call.
      """:
        "在单独的进程中加载动态库，显示其信息、ABI、设备和每次调用的时间。",
      "Asks no PIN and changes nothing. Exit code: 0, or 10 when it cannot be loaded or a call failed.":
        "不询问密码，不做修改。退出码：0；不能加载或调用失败为 10。",
      "skf:PATH, pkcs11:PATH, or a path alone: both interfaces are then tried.":
        "skf:路径、pkcs11:路径，或只给路径（两种接口都试）。",
      "Which card.":
        "哪种卡。",
      "Where the virtual reader listens.":
        "虚拟读卡器的监听地址。",
      "Profile of the GM/T 0017 card: A-lm or B-le.":
        "GM/T 0017 卡的配置：A-lm 或 B-le。",
      "Directory that keeps the card's state; without it the state is forgotten at the end.":
        "保存卡状态的目录；不给则结束后不保留。",
      "Settings of the PIV card; delay= also counts for the other.":
        "PIV 卡的设置；delay= 对另一种卡也有效。",
      "Write header and status word of each command to standard error.":
        "把每条命令的首部和状态字写到标准错误。",
      "Open the manager (the default in a terminal).":
        "打开管理窗口（在终端中的默认操作）。",
      """
      The window as numbered questions, line by line: for screen readers, braille displays, terminals that cannot place \
      the cursor, and scripts. Chosen by itself on such a terminal.
      """:
        "以逐行的编号问答代替窗口：用于读屏软件、盲文显示器、不能移动光标的终端和脚本；在这样的终端上自动选用。",
      "Use the mouse; the terminal's own text selection is then off.":
        "使用鼠标；终端自身的文字选择随之关闭。",
      "The diagnosis (F4) makes no connection that leaves this computer.":
        "故障诊断（F4）不连接本机以外。",
      "The platform that the diagnosis (F4) connects to.":
        "故障诊断（F4）连接的平台。",
      "--pin-fd and --new-pin-fd belong together":
        "--pin-fd 与 --new-pin-fd 须同时给出",
      "--report: the name ends in .json, .md or .html":
        "--report：文件名须以 .json、.md 或 .html 结尾",
      "--settings: unknown key or value":
        "--settings：没有这个设置或值",
      "--max-age takes 1 to 8760 hours":
        "--max-age 应为 1 至 8760 小时",
      "--wait and --no-wait exclude each other":
        "--wait 与 --no-wait 只能给出一个",
      "--admin-pin-fd and --admin-master-fd exclude each other":
        "--admin-pin-fd 与 --admin-master-fd 只能给出一个",
      "--per-day takes 1 to 1000":
        "--per-day 应为 1 至 1000",
      "--check-code is for one request":
        "--check-code 只用于单份申请",
      "--challenge is for one request; a directory has NAME.ukchl beside NAME.ukreq":
        "--challenge 只用于单份申请；目录中与申请同名的 .ukchl 即是",
      "--holds takes NUMBER:SM3, the digest in 64 lower-case hexadecimal digits":
        "--holds 应为 行号:SM3，摘要为 64 位小写十六进制数字",
    ])
}
