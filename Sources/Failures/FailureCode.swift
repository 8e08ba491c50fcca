/// The stable code of everything that can go wrong, as printed (`UK-103`) and documented in `Docs/failure-codes.md`.
///
/// Codes are never reused. The hundreds tell the room: 1 reader service, reader, card · 2 token and driver ·
/// 3 certificate · 4 PIN · 5 unlocking · 6 terminal and files · 9 this program itself.
package enum FailureCode: String, Sendable, CaseIterable, Hashable {
  // 1xx: reader service, reader, card (PC/SC)
  /// The smart-card service does not answer: not installed, not started, or its socket is missing.
  case serviceUnavailable = "UK-101"
  /// The service refused this session (polkit, socket permission).
  case serviceDenied = "UK-102"
  /// The service went away during use.
  case serviceLost = "UK-103"
  /// Client library and service speak different protocol versions.
  case serviceMismatch = "UK-104"
  /// No reader is attached.
  case noReader = "UK-110"
  /// The named reader is not there.
  case readerUnknown = "UK-111"
  /// The reader was unplugged during use.
  case readerLost = "UK-112"
  /// Several keys are plugged in where one is meant.
  case severalKeys = "UK-113"
  /// No key that is plugged in has the serial number or name that was given.
  case keyUnknown = "UK-114"
  /// Several keys or readers fit what was given.
  case choiceAmbiguous = "UK-115"
  /// No card or key in the reader.
  case noCard = "UK-120"
  /// The card does not answer to power-on.
  case cardMute = "UK-121"
  /// The card was taken out during use.
  case cardRemoved = "UK-122"
  /// Another program reset the card.
  case cardReset = "UK-123"
  /// Another program uses the card: holds it exclusively, or keeps a transaction open.
  case cardBusy = "UK-124"
  /// Card and reader do not agree on a protocol, or the communication broke.
  case cardCommunication = "UK-125"
  /// The card took longer than the stated limit.
  case cardTimeout = "UK-126"
  /// Any other error of the smart-card service; the number is shown.
  case cardService = "UK-190"

  // 2xx: token and driver
  /// No driver recognises the card.
  case tokenUnknown = "UK-201"
  /// The card refused a command; the status word is shown.
  case commandRefused = "UK-202"
  /// The card's answer breaks its format.
  case answerMalformed = "UK-203"
  /// The card announced more data than the limit, or without end.
  case answerTooLong = "UK-204"
  /// A card of a known kind that this program does not read itself (OpenPGP, a bank card, …).
  case tokenForeign = "UK-205"
  /// The key has no application.
  case applicationMissing = "UK-210"
  /// The key has no container.
  case containerMissing = "UK-211"
  /// The token was never initialised: it has no PIN and holds nothing.
  case tokenNotInitialized = "UK-212"
  /// The private key of a certificate is not on the key.
  case privateKeyMissing = "UK-213"
  /// The key does not offer this function.
  case notSupported = "UK-220"
  /// This program does not know how this kind of private key is asked to sign.
  case keyKindUnusable = "UK-221"
  /// The vendor's library is missing or cannot be loaded.
  case libraryNotLoaded = "UK-230"
  /// The vendor's library is for another kind of machine.
  case libraryArchitecture = "UK-231"
  /// The vendor's library crashed or ended its process; it is started again when next used.
  case libraryEnded = "UK-232"
  /// The vendor's library took longer than the limit and was ended; it is started again when next used.
  case libraryTimeout = "UK-233"
  /// A function of the vendor's library returned an error; its number is shown.
  case libraryRefused = "UK-234"
  /// A key on USB that only its maker's library reaches; none of the files known for it is on this machine.
  case libraryMissing = "UK-235"
  /// A key on USB that only its maker's library reaches; no such library for Linux is known.
  case libraryUnknown = "UK-236"
  /// The vendor's library was loaded and cannot begin its work; what it returned is shown.
  case libraryNotReady = "UK-237"
  /// The file named as a vendor's library is none for Linux.
  case libraryNotELF = "UK-238"

  // 3xx: certificate
  /// There is no certificate on the key.
  case certificateMissing = "UK-301"
  /// The certificate cannot be read as X.509.
  case certificateMalformed = "UK-302"
  /// The certificate is larger than the limit.
  case certificateTooLarge = "UK-303"
  /// The certificate's compressed form cannot be expanded.
  case certificateCompression = "UK-304"
  /// The key has certificates, but none is the one that was asked for.
  case certificateUnmatched = "UK-305"
  /// The key shows more certificates than a key has; the rest was not read.
  case certificateSum = "UK-306"
  /// No certificate is seen without the PIN; after a login there may be.
  case certificatesPrivate = "UK-307"
  /// Several certificates fit what was asked for.
  case certificateAmbiguous = "UK-308"
  /// A CA certificate in the trust directory cannot be read.
  case trustDirectory = "UK-310"

  // 4xx: PIN
  /// The PIN given is wrong.
  case pinWrong = "UK-401"
  /// The PIN is locked.
  case pinLocked = "UK-402"
  /// A local rule was broken; nothing was sent.
  case pinRule = "UK-403"
  /// Too few tries left for what was consented to; nothing was sent.
  case pinTries = "UK-404"
  /// No profile of this key supports PIN commands; nothing was sent.
  case pinProfile = "UK-405"
  /// Another key is in the reader than the one shown; nothing was sent.
  case keyChanged = "UK-406"
  /// The key refused the new PIN.
  case pinRefused = "UK-407"
  /// A script named a profile for its PIN commands and did not accept the risk; nothing was sent.
  case profileUnconfirmed = "UK-408"
  /// The command left and no answer came.
  case pinUnknown = "UK-410"
  /// The PIN was not entered: end of input, or no terminal to ask on.
  case pinNotGiven = "UK-411"
  /// The key has no user PIN yet; nothing was sent.
  case pinNotSet = "UK-412"
  /// A signature made by the key does not fit its certificate.
  case signatureInvalid = "UK-430"
  /// No locked memory can be had for the PIN.
  case secretMemory = "UK-440"

  // 5xx: unlocking
  /// The file is not a well-formed unlock request or response.
  case unlockFileMalformed = "UK-501"
  /// The file is of a version that this program does not know.
  case unlockFileVersion = "UK-502"
  /// Content and digest of the file disagree.
  case unlockFileAltered = "UK-503"
  /// The request is too old, or its time and this computer's clock disagree.
  case unlockFileTime = "UK-504"
  /// A field of the application is missing or not valid.
  case unlockField = "UK-505"
  /// This request cannot be answered by file.
  case unlockNotRemote = "UK-506"
  /// The decision cannot be recorded, so nothing was decided.
  case unlockLog = "UK-507"
  /// The request is of another key than the one named to the desk.
  case requestOtherKey = "UK-508"
  /// The administrator PIN could be found from an answer made with it.
  case weakAdminPIN = "UK-509"
  /// The response is for another key.
  case responseOtherKey = "UK-510"
  /// The response answers another request.
  case responseOtherRequest = "UK-511"
  /// The response has expired.
  case responseExpired = "UK-512"
  /// The response was already used.
  case responseReplayed = "UK-513"
  /// The challenge of the key no longer lives.
  case challengeGone = "UK-514"
  /// The key is not in the list of issued keys, or differs from its entry.
  case notIssued = "UK-515"
  /// This key has had as many answers as it may have in a day.
  case answerLimit = "UK-516"
  /// The record of the desk is not as it was written.
  case auditBroken = "UK-517"
  /// A request or response of format 1, which is no longer answered, or not for this request.
  case formatRetired = "UK-518"
  /// The response is signed by no desk that is pinned here, or its certificate is not in date.
  case deskUnknown = "UK-519"
  /// The signature of the response is not the desk's.
  case responseForged = "UK-520"
  /// The response is sealed to another key, or what is sealed belongs to another response.
  case responseSealedElsewhere = "UK-521"
  /// A key or certificate of a desk cannot be used.
  case deskKey = "UK-522"
  /// No request with this digest, or for this key, waits here.
  case notWaiting = "UK-523"
  /// The challenge of a request is not there.
  case challengeMissing = "UK-524"
  /// The challenge belongs to another request.
  case challengeOtherRequest = "UK-525"

  // 53x, 54x: renewal on the key
  /// A request or an answer of an authority cannot be read.
  case answerUnreadable = "UK-530"
  /// The answer has no certificate for the key pair that was made on this key.
  case answerOtherKey = "UK-531"
  /// What the new certificate says differs from the old one, or nobody trusted issued it, and nobody has agreed to that.
  case answerDiffers = "UK-532"
  /// The new certificate is not in date.
  case answerNotInDate = "UK-533"
  /// The encryption pair of the answer does not belong together, or this key cannot take it.
  case answerPair = "UK-534"
  /// This kind of key takes no new certificate from this program.
  case renewalNotOffered = "UK-535"
  /// The key has no room for another container.
  case renewalRoom = "UK-536"
  /// The key does not hold the pair that was made for this order.
  case renewalPairGone = "UK-537"
  /// The key reported success and holds something else.
  case renewalReadBack = "UK-538"
  /// No order has the number that was given, or several could be meant.
  case renewalOrder = "UK-539"
  /// The order is not signed by the old certificate's key, or its parts do not belong together.
  case orderForged = "UK-540"
  /// This order was answered for another key pair.
  case orderAnswered = "UK-541"
  /// The issuer's keys, or the program that issues, cannot be used.
  case issuer = "UK-542"
  /// The old certificate stays until the new one has proved itself.
  case oldStillNeeded = "UK-543"
  /// The certificate that signed an order is not one that the issuer can rely on.
  case oldNotVerified = "UK-544"
  /// No order is kept here that could be meant.
  case renewalNone = "UK-545"

  // 6xx: terminal and files
  /// The terminal cannot show the manager (not a terminal, or TERM unknown).
  case terminalUnsuitable = "UK-601"
  /// The file exists and overwriting was not confirmed.
  case fileExists = "UK-610"
  /// The file cannot be written.
  case fileWrite = "UK-611"
  /// The file cannot be read.
  case fileRead = "UK-612"
  /// The file is no diagnosis report, or was cut off.
  case reportMalformed = "UK-613"
  /// Another user could have written the file, or put it there: it is not used.
  case pathUntrusted = "UK-614"
  /// The program that writes browsers' certificate stores is not installed.
  case storeTool = "UK-615"
  /// The software token's directory or state cannot be used.
  case softTokenState = "UK-620"
  /// The virtual reader cannot be reached.
  case virtualReader = "UK-621"

  /// The key service does not run, or cannot be asked.
  case keyServiceAbsent = "UK-640"
  /// The program of the key service is not installed beside this one.
  case keyServiceProgram = "UK-641"
  /// A key service runs already.
  case keyServiceRunning = "UK-642"

  // 9xx: this program
  /// A cryptographic function of OpenSSL failed.
  case crypto = "UK-901"
  /// The operation was cancelled.
  case cancelled = "UK-902"
  /// A mistake in this program.
  case internalError = "UK-999"
}
