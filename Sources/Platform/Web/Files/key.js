/* Reads from the U-Key and logs in with it, through ukey.js. What is said stands in the form's attributes. */
'use strict'
for (const form of document.querySelectorAll('form[data-service]')) {
  const words = JSON.parse(form.dataset.words)
  const told = form.querySelector('.told')
  const say = (text, tone) => {
    told.textContent = text
    told.className = 'told' + (tone ? ' ' + tone : '')
  }
  const explain = error => {
    const own = words[error.name]
    const text = own || words.failed + (form.dataset.language === 'en' && error.messageEN ? error.messageEN : error.message)
    told.dataset.error = error.name
    say('✕ ' + text.replace('{n}', error.triesLeft === null || error.triesLeft === undefined ? '?' : error.triesLeft), 'bad')
  }
  const nonce = async () => {
    const answer = await fetch('/challenge', {
      method: 'POST', headers: { 'x-form-token': form.elements.form_token.value }, cache: 'no-store'
    })
    if (!answer.ok) throw new Error('HTTP ' + answer.status)
    return (await answer.json()).nonce
  }
  const send = (token, action) => {
    let field = form.elements.token
    if (!field) {
      field = document.createElement('input')
      field.type = 'hidden'
      field.name = 'token'
      form.append(field)
    }
    field.value = JSON.stringify(token)
    if (action) {
      form.action = action
      form.noValidate = true
      // A password is typed again on the page that comes; it has no business there.
      for (const secret of form.querySelectorAll('input[type=password]')) secret.value = ''
    }
    say(words.sending)
    form.submit()
  }
  for (const button of form.querySelectorAll('button[data-key]')) {
    button.hidden = false
    button.addEventListener('click', async () => {
      button.disabled = true
      delete told.dataset.error
      const key = new UKey({ service: form.dataset.service })
      try {
        if (button.dataset.key === 'read') {
          say(words.reading)
          const [first] = await key.certificates({ use: 'signature' })
          if (!first) throw new UKey.UKeyError('certificate-missing', '', '')
          say(first.owner + (first.uscc ? ' · ' + first.uscc.code : '') + ' — ' + words.busy)
          send(await key.loginToken(await nonce(), { certificateID: first.id }), '/register/certificate')
        } else {
          say(words.busy)
          send(await key.loginToken(await nonce()))
        }
      } catch (error) {
        explain(error)
        button.disabled = false
        button.focus()
      } finally {
        key.close()
      }
    })
  }
}
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}
