/* The proving page: looks at the service through ukey.js, as a site's page does. */
'use strict'

const key = new UKey({ service: location.origin })
const chosen = new URLSearchParams(location.search).get('lang')
let english = chosen ? chosen === 'en' : !navigator.languages.some(name => name.startsWith('zh'))
const element = id => document.getElementById(id)

/** One of ours by name, with what stands in it. */
function word (name, ...values) {
  return pageWords[name][english ? 1 : 0].replace(/\{(\d)\}/g, (_, place) => values[place])
}

const reason = error => (english && error.messageEN) || error.message
const day = seconds => new Date(seconds * 1000).toLocaleDateString('sv')

function make (tag, text, name) {
  const made = document.createElement(tag)
  if (text) made.textContent = text
  if (name) made.className = name
  return made
}

/** A link of a chain: its state as sign and word, its name, and what there is to say. */
function link (list, name) {
  const item = make('li')
  const [state, title, text] = [make('i'), make('b', word(name)), make('span')]
  item.append(state, title, text)
  list.append(item)
  const set = (value, said) => {
    item.className = value
    state.textContent = word(value)
    text.textContent = said || ''
    return value !== 'bad'
  }
  set('busy')
  return set
}

/** The service's own account of itself, and the relying party that it plays for the self-test. */
async function ask (path, body) {
  const response = await fetch(path, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body || {}), cache: 'no-store' })
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return await response.json()
}

async function checkCertificate (list, service) {
  const certificate = link(list, 'certificate')
  const pin = link(list, 'pin')
  const found = (await key.certificates())[0]
  if (!found) {
    certificate('bad', word('certificateNone'))
    pin('open')
    return
  }
  const now = Date.now() / 1000
  const days = Math.floor((found.notAfter - now) / 86400)
  if (now > found.notAfter) certificate('bad', word('expired', found.owner, day(found.notAfter)))
  else if (now < found.notBefore) certificate('bad', word('early', found.owner, day(found.notBefore)))
  else {
    certificate(days < service.reminderDays ? 'warn' : 'good', word('validity', found.owner, day(found.notAfter), days))
  }
  try {
    const left = await key.triesLeft({ certificateID: found.id })
    if (left === 0) pin('bad', word('locked'))
    else if (left < service.fewestTries) pin('warn', word('triesFew', left))
    else pin('good', word('tries', left))
  } catch (error) {
    pin('open', reason(error))
  }
}

function showPorts (interfaces) {
  const words = { open: 'portOpen', taken: 'portTaken', 'no-certificate': 'portNoCertificate', failed: 'portFailed' }
  element('ports').replaceChildren(...interfaces.map(entry => {
    const row = make('tr')
    row.append(
      make('td', entry.name), make('td', `${entry.address}:${entry.port}${entry.tls ? ' TLS' : ''}`),
      make('td', word(words[entry.state])))
    return row
  }))
}

let isChecking = false
let isStale = false

async function check () {
  // A key that comes or goes meanwhile makes it begin again, not run twice.
  isStale = isChecking
  if (isChecking) return
  isChecking = true
  const list = element('check')
  const button = element('check-again')
  button.disabled = true
  list.setAttribute('aria-busy', 'true')
  list.replaceChildren()
  const permission = await UKey.permission()
  link(list, 'browser')(permission.state === 'denied' ? 'bad' : 'good', word('browserSite', reason(permission)))
  const running = link(list, 'service')
  try {
    const version = await key.version()
    const service = await ask('/check/service')
    running('good', word('running', version))
    showPorts(service.interfaces)
    link(list, 'prompt')(
      service.prompt ? 'good' : 'bad', service.prompt ? word('promptReady', service.prompt) : word('promptNone'))
    const reader = link(list, 'reader')
    const { state, code } = service.readerService
    if (state === 'down') reader('bad', word('readerDown', code))
    else reader(state === 'starting' ? 'busy' : 'good', word({ embedded: 'readerEmbedded', starting: 'readerStarting' }[state] || 'readerRunning'))
    const present = link(list, 'key')
    const keys = await key.keys()
    if (keys.length === 0) present('bad', word('keyNone'))
    else {
      present('good', keys.map(found => [found.label, found.id].filter(Boolean).join(' ')).join('; '))
      await checkCertificate(list, service)
    }
  } catch (error) {
    running('bad', reason(error))
  }
  list.setAttribute('aria-busy', 'false')
  button.disabled = false
  isChecking = false
  if (isStale) check()
}

async function read () {
  const place = element('certificates')
  try {
    const found = await key.certificates()
    if (found.length === 0) {
      place.replaceChildren(make('p', word('certificateNone'), 'bad-text'))
      return
    }
    place.replaceChildren(...found.map(certificate => {
      const list = make('dl')
      const { uscc } = certificate
      for (const [name, value] of [
        ['owner', certificate.owner], ['uscc', uscc ? uscc.code : word('usccNone')], ['usccSource', uscc && uscc.source],
        ['issuer', certificate.issuer], ['serial', certificate.serial], ['until', day(certificate.notAfter)],
        ['algorithm', certificate.algorithm],
      ]) {
        if (value) list.append(make('dt', word(name)), make('dd', value))
      }
      return list
    }))
  } catch (error) {
    place.replaceChildren(make('p', reason(error), 'bad-text'))
  }
}

const links = ['Format', 'Challenge', 'Origin', 'Signature', 'Usage', 'Validity', 'Chain', 'Revocation', 'Identity']

async function login () {
  const list = element('steps')
  const verdict = element('verdict')
  const button = element('login')
  button.disabled = true
  list.replaceChildren()
  verdict.textContent = ''
  const nonceStep = link(list, 'stepNonce')
  const signStep = link(list, 'stepSign')
  let step = nonceStep
  try {
    const { nonce } = await ask('/check/nonce')
    nonceStep('good')
    step = signStep
    signStep('busy', word('stepSignBusy'))
    const token = await key.loginToken(nonce)
    signStep('good', token.algorithm)
    const result = await ask('/check/login', token)
    for (const name of links) {
      const found = result.links.find(item => item.name === name.toLowerCase())
      const said = { 'no-authorities': 'noAuthorities', 'no-list': 'noList' }[found.reason]
      link(list, 'step' + name)(
        { ok: 'good', failed: 'bad', unknown: 'open' }[found.state], said ? word(said) : found.reason)
    }
    verdict.textContent = result.refusal
      ? word('failed', result.refusal)
      : word(result.chain ? 'passed' : 'passedPartly', result.owner)
    verdict.className = result.refusal ? 'bad-text' : 'good-text'
  } catch (error) {
    step('bad', reason(error))
    verdict.textContent = word('failed', reason(error))
    verdict.className = 'bad-text'
  }
  button.disabled = false
}

function speak () {
  document.documentElement.lang = english ? 'en' : 'zh-CN'
  document.title = word('title')
  for (const place of document.querySelectorAll('[data-word]')) place.textContent = word(place.dataset.word)
  const button = element('language')
  button.textContent = english ? '中文' : 'English'
  button.lang = english ? 'zh-CN' : 'en'
}

element('language').addEventListener('click', () => {
  english = !english
  speak()
  for (const id of ['certificates', 'steps', 'verdict']) element(id).replaceChildren()
  check()
})
element('check-again').addEventListener('click', check)
element('read').addEventListener('click', read)
element('login').addEventListener('click', login)
key.addEventListener('keyArrived', check)
key.addEventListener('keyLeft', check)
speak()
check()
key.listen().catch(() => {})
