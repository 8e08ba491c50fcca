/* Logs in by the older protocol as the pages of old do: SOAP by requests that the page waits for. */
'use strict'
for (const form of document.querySelectorAll('form[data-szca-services]')) {
  const words = JSON.parse(form.dataset.words)
  const told = form.querySelector('.told')
  const button = form.querySelector('button[data-szca]')
  const say = (text, tone) => {
    told.textContent = text
    told.className = 'told' + (tone ? ' ' + tone : '')
  }
  const call = (base, name, element, values) => {
    const request = new XMLHttpRequest()
    request.open('POST', base + '/Service1.asmx', false)
    request.setRequestHeader('Content-Type', 'text/xml; charset=utf-8')
    request.setRequestHeader('SOAPAction', 'http://tempuri.org/' + name)
    let children = ''
    for (const key in values) children += `<${key}>${values[key]}</${key}>`
    request.send(
      '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">' +
      `<soap:Body><${name} xmlns="http://tempuri.org">${children}</${name}></soap:Body></soap:Envelope>`)
    if (request.status !== 200) throw new Error('HTTP ' + request.status)
    const found = request.responseXML.getElementsByTagName(element)[0]
    return found ? found.textContent : ''
  }
  // What these services encode has one byte more at its end.
  const decode = text => new TextDecoder().decode(Uint8Array.from(atob(text), each => each.charCodeAt(0)).slice(0, -1))
  const problem = base => {
    const error = new Error(decode(call(base, 'SZCAGetLastErrMsg', 'errMsg', {})))
    error.name = 'szca'
    return error
  }
  const reachable = () => {
    for (const base of form.dataset.szcaServices.split(' ')) {
      try {
        if (call(base, 'SZCAInit', 'bInit', {}) !== '0') return base
      } catch (error) { /* not at this port */ }
    }
    return null
  }
  const begin = async () => {
    const base = reachable()
    if (!base) throw Object.assign(new Error(words['szca-none']), { name: 'szca-none' })
    if (call(base, 'SZCAKeyIsExist', 'isExist', {}) === '0') {
      throw Object.assign(new Error(words['key-missing']), { name: 'key-missing' })
    }
    const answer = await fetch('/challenge', {
      method: 'POST', headers: { 'x-form-token': form.elements.form_token.value }, cache: 'no-store'
    })
    if (!answer.ok) throw new Error('HTTP ' + answer.status)
    const { nonce } = await answer.json()
    const signed = call(base, 'SZCASignMessage', 'outData', { inData: btoa(nonce), bDetach: 0 })
    if (!signed) throw problem(base)
    form.elements.signed.value = signed
    say(words.sending)
    form.submit()
  }
  button.hidden = false
  button.addEventListener('click', () => {
    button.disabled = true
    say(words.busy)
    // The page stands still while the driver asks: what it says has to be drawn before.
    setTimeout(() => begin().catch(error => {
      told.dataset.error = error.name
      say('✕ ' + (words[error.name] || words.failed + error.message), 'bad')
      button.disabled = false
      button.focus()
    }), 50)
  })
}
