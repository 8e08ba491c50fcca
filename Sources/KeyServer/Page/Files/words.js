/* The words of the proving page, Chinese and English side by side. What the service refuses it words itself. */
'use strict'

const pageWords = {
  title: ['密钥服务', 'Key service'],
  intro: [
    '本页由这台电脑上的密钥服务提供，只检查这台电脑，不向任何网站发送内容。',
    'This page comes from the key service of this computer. It looks at this computer only and sends nothing to any site.'],
  check: ['环境检查', 'Environment'],
  again: ['重新检查', 'Check again'],
  interfaces: ['各接口的端口', 'Ports of the interfaces'],
  interface: ['接口', 'Interface'],
  port: ['端口', 'Port'],
  state: ['状态', 'State'],
  read: ['读取证书', 'Read the certificate'],
  readIntro: [
    '按注册登记表的需要读取；读取不需要密码。', 'As the registration form wants it; reading takes no PIN.'],
  readButton: ['读取证书', 'Read the certificate'],
  login: ['证书登录自检', 'Login self-test'],
  loginIntro: [
    '与网站的证书登录相同：取随机数、您在弹出的窗口输入密码、签名、由服务端验证。密码只在密钥服务自己的窗口输入，本页没有密码框。',
    'As a site’s certificate login goes: a nonce, your PIN in the window that opens, the signature, its verification ' +
    'by a server. The PIN is typed only into the key service’s own window; this page has no field for it.'],
  loginButton: ['开始自检', 'Begin'],

  good: ['✓ 正常', '✓ good'],
  bad: ['✕ 故障', '✕ fault'],
  warn: ['⚠ 注意', '⚠ notice'],
  open: ['○ 未查', '○ unknown'],
  busy: ['… 检查', '… looking'],

  browser: ['浏览器授权', 'Browser’s permission'],
  browserSite: [
    '{0}。网站的网页需要浏览器授权：浏览器询问“访问此设备上的其他应用和服务”时请选“允许”。',
    '{0}. A site’s page needs the browser’s permission: choose “Allow” when it asks about other apps and services on this device.'],
  service: ['密钥服务', 'Key service'],
  running: ['版本 {0}，正在运行', 'version {0}, running'],
  prompt: ['密码窗口', 'PIN window'],
  promptReady: ['由 {0} 询问密码', '{0} asks for the PIN'],
  promptNone: [
    '没有可以询问密码的窗口：请打开证书管理器（ukey），或在终端执行 ukey serve tty',
    'nowhere to ask for the PIN: open the manager (ukey), or run ukey serve tty in a terminal'],
  reader: ['读卡服务', 'Reader service'],
  readerRunning: ['正在运行', 'running'],
  readerEmbedded: ['演示用的内置 U-Key，不需要读卡服务', 'the demonstration’s own U-Key needs none'],
  readerStarting: ['正在启动', 'starting'],
  readerDown: ['没有连上（{0}）：请在终端执行 ukey doctor', 'not reached ({0}): run ukey doctor in a terminal'],
  key: ['U-Key', 'U-Key'],
  keyNone: ['没有插入 U-Key', 'no U-Key is in'],
  certificate: ['证书', 'Certificate'],
  certificateNone: ['U-Key 里没有签名证书', 'the U-Key has no signature certificate'],
  validity: ['{0}，有效期至 {1}（还有 {2} 天）', '{0}, valid until {1} ({2} days left)'],
  expired: ['{0}，已于 {1} 到期：请办理续期', '{0}, expired on {1}: renew it'],
  early: ['{0}，{1} 起才有效：请检查电脑时间', '{0}, not valid before {1}: see this computer’s clock'],
  pin: ['密码状态', 'PIN'],
  tries: ['还可以输入 {0} 次', '{0} tries left'],
  triesFew: [
    '只剩 {0} 次：网页不再弹出密码窗口，请在证书管理器里操作',
    '{0} tries left: pages open no PIN window any more; use the manager'],
  locked: ['已锁死：请办理介质解锁', 'locked: have it unlocked'],

  owner: ['企业名称', 'Company'],
  uscc: ['统一社会信用代码', 'Unified social credit code'],
  usccSource: ['代码出处', 'Its source'],
  usccNone: ['证书里没有', 'not in the certificate'],
  issuer: ['颁发者', 'Issuer'],
  serial: ['序列号', 'Serial number'],
  until: ['有效期至', 'Valid until'],
  algorithm: ['算法', 'Algorithm'],

  stepNonce: ['取随机数', 'Nonce'],
  stepSign: ['输入密码并签名', 'PIN and signature'],
  stepSignBusy: ['请在弹出的密码窗口输入密码', 'type the PIN into the window that has opened'],
  stepFormat: ['令牌格式', 'Token’s form'],
  stepChallenge: ['随机数有效且未用过', 'Nonce fresh and unused'],
  stepOrigin: ['网站来源一致', 'Same site'],
  stepSignature: ['签名与证书相符', 'Signature fits the certificate'],
  stepUsage: ['证书用途', 'Certificate’s use'],
  stepValidity: ['证书有效期', 'Certificate’s validity'],
  stepChain: ['证书链', 'Chain of CAs'],
  stepRevocation: ['吊销列表', 'Revocation list'],
  stepIdentity: ['统一社会信用代码', 'Social credit code'],
  noAuthorities: [
    '没有 CA 证书可比对（放入 ~/.config/ukey/ca）', 'no CA certificates to compare with (put them into ~/.config/ukey/ca)'],
  noList: ['没有吊销列表可查', 'no revocation list to look into'],
  passed: ['登录成功：{0}', 'Logged in: {0}'],
  passedPartly: ['签名验证通过：{0}（证书链未查）', 'The signature holds: {0} (chain of CAs not looked at)'],
  failed: ['登录没有成功：{0}', 'Not logged in: {0}'],

  portOpen: ['开放', 'open'],
  portTaken: ['被别的程序占用', 'taken by another program'],
  portNoCertificate: ['需要证书：ukey serve trust', 'needs a certificate: ukey serve trust'],
  portFailed: ['打不开', 'failed'],
}
