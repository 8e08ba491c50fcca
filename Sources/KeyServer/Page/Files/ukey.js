/* ukey.js: the key service of this computer, for web pages. Types: ukey.d.ts. Interface: Docs/key-service.md.
 *
 *   const key = new UKey()
 *   const token = await key.loginToken(nonceOfYourServer)
 *
 * A page never asks for a PIN: the holder types it into the service's own window. */
(function (root, make) {
  'use strict'
  const UKey = make()
  if (typeof module === 'object' && module.exports) module.exports = UKey
  else root.UKey = UKey
})(typeof globalThis === 'object' ? globalThis : self, function () {
  'use strict'

  /** What this script says by itself; the service words its own refusals. */
  const words = {
    'insecure-page': [
      '本网页不是 https 网页，浏览器不让它访问本机的密钥服务',
      'this page did not come by https; browsers do not let it reach the key service'],
    'permission-denied': [
      '浏览器已禁止本网站访问本机的密钥服务：请点地址栏左侧的图标，在网站设置里把“本机/本地网络访问”改为允许，然后刷新',
      'the browser keeps this site from reaching the key service: click the icon left of the address, allow access to ' +
      'this device (loopback or local network) in the site’s settings, and reload'],
    'permission-needed': [
      '浏览器询问“是否允许访问此设备上的其他应用和服务”时请选择“允许”，然后再试一次',
      'when the browser asks whether the site may access other apps and services on this device, choose “Allow”; then ' +
      'try again'],
    'service-unreachable': [
      '没有连上本机的密钥服务：请确认 ukey-service 正在运行（终端命令 ukey serve）',
      'the key service of this computer does not answer: see that ukey-service runs (command: ukey serve)'],
    'not-permitted': [
      '密钥服务在运行，但没有允许本网站：证书所有者拒绝了，或者询问窗口没有得到回答',
      'the key service runs and has not allowed this site: its holder refused, or its question was not answered'],
    'disconnected': [
      '与密钥服务的连接断开了，这次操作的结果不明；没有自动重试',
      'the connection to the key service broke; what became of this call is not known, and it was not repeated'],
    'closed': ['本网页已关闭与密钥服务的连接', 'this page has closed its connection to the key service'],
    'malformed': ['密钥服务的回答无法识别', 'the answer of the key service cannot be read'],
  }
  const explanations = {
    'not-needed': ['本机网页无需浏览器授权', 'a page of this computer needs no permission'],
    'granted': ['浏览器已允许本网站访问本机的密钥服务', 'the browser lets this site reach the key service'],
    'prompt': words['permission-needed'],
    'denied': words['permission-denied'],
    'insecure': words['insecure-page'],
    'unknown': [
      '这个浏览器不区分此项权限，通常不会询问', 'this browser does not know the permission and usually does not ask'],
  }
  const firstDelay = 1000
  const lastDelay = 30000

  class UKeyError extends Error {
    constructor (name, message, messageEN, more) {
      super(message)
      this.name = name
      this.messageEN = messageEN
      this.triesLeft = more && more.triesLeft != null ? more.triesLeft : null
      this.retryAfter = more && more.retryAfter != null ? more.retryAfter : null
    }
  }

  const failure = name => new UKeyError(name, words[name][0], words[name][1])

  /** Bytes or text (UTF-8) in base64. */
  function base64 (data) {
    const bytes = typeof data === 'string'
      ? new TextEncoder().encode(data)
      : data instanceof ArrayBuffer
        ? new Uint8Array(data)
        : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    let text = ''
    for (let start = 0; start < bytes.length; start += 8192) {
      text += String.fromCharCode.apply(null, bytes.subarray(start, start + 8192))
    }
    return btoa(text)
  }

  class UKey extends EventTarget {
    #service
    #socket = null
    #opening = null
    #waiting = new Map()
    #next = 1
    #listening = false
    #ended = false
    #delay = firstDelay
    #timer = null

    constructor (options) {
      super()
      this.#service = ((options && options.service) || 'http://127.0.0.1:21517').replace(/\/+$/, '')
    }

    /** Whether the browser lets this page reach the service, without asking anybody. */
    static async permission () {
      const explain = state => ({ state, message: explanations[state][0], messageEN: explanations[state][1] })
      if (!globalThis.isSecureContext) return explain('insecure')
      if (['127.0.0.1', 'localhost', '[::1]'].includes(location.hostname)) return explain('not-needed')
      // The name has changed; an older browser knows the older one.
      for (const name of ['loopback-network', 'local-network-access']) {
        try {
          return explain((await navigator.permissions.query({ name })).state)
        } catch (error) { /* not a name of this browser */ }
      }
      return explain('unknown')
    }

    version () { return this.call('version') }
    keys () { return this.call('keys') }
    certificates (choice) { return this.call('certificates', choice) }
    certificateInformation (choice) { return this.call('certificateInformation', choice) }
    triesLeft (choice) { return this.call('triesLeft', choice) }
    loginToken (nonce, choice) { return this.call('loginToken', { ...choice, nonce }) }
    sign (data, choice) { return this.call('sign', { form: 'detached', ...choice, data: base64(data) }) }

    verify (signature, choice) {
      const members = { ...choice, signature }
      if (choice && choice.data != null) members.data = base64(choice.data)
      return this.call('verify', members)
    }

    random (bytes) { return this.call('random', { bytes }) }
    openPINChange () { return this.call('openPINChange') }

    /** From now on `keyArrived` and `keyLeft` come as events, over broken connections too. */
    async listen () {
      this.#listening = true
      await this.call('listen')
    }

    /** Any function of the interface. Never repeated by itself: what asks the holder is asked once. */
    async call (name, members) {
      const socket = await this.#open()
      return await new Promise((resolve, reject) => {
        const id = this.#next++
        this.#waiting.set(id, { resolve, reject })
        socket.send(JSON.stringify({ ...members, id, function: name }))
      })
    }

    close () {
      this.#ended = true
      this.#listening = false
      clearTimeout(this.#timer)
      this.#fail('closed')
      if (this.#socket) this.#socket.close()
    }

    #open () {
      if (this.#ended) return Promise.reject(failure('closed'))
      if (this.#opening) return this.#opening
      const opening = new Promise((resolve, reject) => {
        let isOpen = false
        let socket
        try {
          socket = new WebSocket(this.#service.replace(/^http/, 'ws') + '/ukey/1', 'ukey.1')
        } catch (error) {
          this.#opening = null
          reject(failure('insecure-page'))
          return
        }
        socket.onopen = () => {
          isOpen = true
          if (this.#ended) {
            socket.close()
            reject(failure('closed'))
            return
          }
          this.#socket = socket
          this.#delay = firstDelay
          resolve(socket)
          this.dispatchEvent(new Event('connected'))
        }
        socket.onmessage = event => this.#take(event.data)
        socket.onclose = () => {
          this.#opening = null
          if (isOpen) {
            this.#socket = null
            this.#fail('disconnected')
            this.dispatchEvent(new Event('disconnected'))
            this.#again()
          } else {
            this.#reason().then(reject)
          }
        }
      })
      this.#opening = opening
      return opening
    }

    /** Connects again by itself only for a page that listens. */
    #again () {
      if (!this.#listening || this.#ended) return
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => {
        this.call('listen').catch(error => {
          // A holder who said no is not asked for ever.
          if (error.name === 'service-unreachable' || error.name === 'disconnected') this.#again()
        })
      }, this.#delay)
      this.#delay = Math.min(this.#delay * 2, lastDelay)
    }

    /** Why there is no connection; the browser does not tell a page. */
    async #reason () {
      const { state } = await UKey.permission()
      if (state === 'insecure') return failure('insecure-page')
      if (state === 'denied') return failure('permission-denied')
      try {
        // Its answer cannot be read; that there is one says that the service runs.
        await fetch(this.#service + '/ukey/1', { method: 'POST', mode: 'no-cors', cache: 'no-store' })
        return failure('not-permitted')
      } catch (error) {
        return failure(state === 'prompt' ? 'permission-needed' : 'service-unreachable')
      }
    }

    #take (text) {
      let message
      try { message = JSON.parse(text) } catch (error) { message = null }
      if (message === null || typeof message !== 'object') {
        this.#socket.close()
        return
      }
      if (message.event) {
        this.dispatchEvent(new CustomEvent(message.event, { detail: { key: message.key } }))
        return
      }
      const waiting = this.#waiting.get(message.id)
      if (!waiting) return
      this.#waiting.delete(message.id)
      const error = message.error
      if (error) waiting.reject(new UKeyError(error.name, error.message, error.messageEN, error))
      else if ('result' in message) waiting.resolve(message.result)
      else waiting.reject(failure('malformed'))
    }

    #fail (name) {
      const waiting = [...this.#waiting.values()]
      this.#waiting.clear()
      for (const call of waiting) call.reject(failure(name))
    }
  }

  UKey.UKeyError = UKeyError
  return UKey
})
