// Remote unblock as Longmai's library has it: a challenge, and an answer made where the administrator PIN is. Written from its
// description (Docs/unlock-format.md, profile A-lm without AppID) and from nothing of the driver.
#define _GNU_SOURCE
#include "conformance.h"
#include <openssl/evp.h>
#include <string.h>
#include <sys/random.h>

// There is one current device and application in such a library: whoever opens or closes one ends the challenge.
static unsigned char challenge[16];
static void *challenged;

void end_challenge(void) {
  challenged = NULL;
  memset(challenge, 0, sizeof challenge);
}

static int block(const unsigned char *key, const unsigned char *in, unsigned char *out, int encrypt) {
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  int size = 0;
  int done = context && EVP_CipherInit_ex(context, EVP_sm4_ecb(), NULL, key, NULL, encrypt) > 0
      && EVP_CIPHER_CTX_set_padding(context, 0) > 0 && EVP_CipherUpdate(context, out, &size, in, 16) > 0 && size == 16;
  EVP_CIPHER_CTX_free(context);
  return done;
}

// The PIN in length | PIN | 80 00 ..; its length, or -1.
static int unwrapped(const unsigned char *plain, size_t size, char *pin) {
  size_t length = plain[0] | (size_t)plain[1] << 8;
  if (length + 3 > size || size - length - 2 > 16 || length > 16 || plain[2 + length] != 0x80) return -1;
  for (size_t i = 3 + length; i < size; i++)
    if (plain[i]) return -1;
  memcpy(pin, plain + 2, length);
  pin[length] = 0;
  return (int)length;
}

static int genuine(const unsigned char *key, const char *pin, int length, const unsigned char *mac) {
  unsigned char chain[16], message[32] = {0};
  memcpy(chain, challenge, 16);
  memcpy(message, pin, (size_t)length);
  message[length] = 0x80;
  int done = 1;
  for (int start = 0; start <= length && done; start += 16) {
    for (int i = 0; i < 16; i++) chain[i] ^= message[start + i];
    done = block(key, chain, chain, 1);
  }
  explicit_bzero(message, sizeof message);
  return done && !memcmp(chain, mac, 4);
}

uint32_t SKF_GenRemoteUnblockRequest(void *application, unsigned char *random, uint64_t length) {
  enter(__func__);
  if (!is_application(application)) return leave(__func__, SAR_INVALIDHANDLEERR);
  if ((uint32_t)length != 8) return leave(__func__, SAR_INDATALENERR);
  end_challenge();
  if (getrandom(challenge, 8, 0) != 8) return leave(__func__, SAR_FAIL);
  challenged = application;
  memcpy(random, challenge, 8);
  return leave(__func__, SAR_OK);
}

uint32_t SKF_RemoteUnblockPIN(void *application, const unsigned char *answer, uint64_t size, void *retry) {
  enter(__func__);
  if (!is_application(application)) return leave(__func__, SAR_INVALIDHANDLEERR);
  size_t length = (uint32_t)size;
  if (length != 20 && length != 36) return leave(__func__, SAR_INDATALENERR);
  if (challenged != application) return leave(__func__, SAR_NOT_INITIALIZED);
  struct pins pins;
  unsigned char padded[16] = {0}, digest[20], plain[32];
  unsigned int made = 0;
  char pin[17];
  load_pins(&pins);
  uint32_t code = SAR_PIN_LOCKED;
  if (pins.admin_left > 0) {
    pins.admin_left -= 1;
    save_pins(&pins);
    memcpy(padded, pins.admin, strnlen(pins.admin, 16));
    int done = EVP_Digest(padded, 16, digest, &made, EVP_sha1(), NULL) > 0;
    for (size_t start = 0; start < length - 4; start += 16) done = done && block(digest, answer + start, plain + start, 0);
    int count = done ? unwrapped(plain, length - 4, pin) : -1;
    if (count < 0 || !genuine(digest, pin, count, answer + length - 4)) {
      put_ulong(retry, (uint64_t)pins.admin_left);
      code = pins.admin_left ? SAR_PIN_INCORRECT : SAR_PIN_LOCKED;
    } else {
      code = SAR_OK;
      pins.admin_left = pins.admin_max;
      if (count < 6) code = SAR_PIN_LEN_RANGE;
      else strcpy(pins.user, pin), pins.user_left = pins.user_max;
      save_pins(&pins);
    }
    explicit_bzero(plain, sizeof plain), explicit_bzero(digest, sizeof digest), explicit_bzero(pin, sizeof pin);
    explicit_bzero(padded, sizeof padded);
  }
  explicit_bzero(&pins, sizeof pins);
  end_challenge();
  return leave(__func__, code);
}
