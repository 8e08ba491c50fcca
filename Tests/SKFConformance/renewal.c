// Containers that are made by the host: GM/T 0016-2012 7.5.1, 7.5.2, 7.5.7, 7.6.4, 7.6.10, 7.6.11, 7.6.23 to
// 7.6.25. Each is a file DIR/made-HEX with its pairs and certificates beside it, so that they outlive the process.
#define _GNU_SOURCE
#include "conformance.h"
#include <dirent.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SGD_SM4_ECB = 0x401, SGD_SM2_1 = 0x00020100, SGD_RSA = 0x00010000, SESSION = 0x53455300 };
struct session {
  uint32_t kind;
  unsigned char key[16];
  int ready;
};

static void path_of(char *path, size_t room, const char *name, const char *part) {
  int used = snprintf(path, room, "%s/made-", config.dir);
  for (const unsigned char *byte = (const unsigned char *)name; *byte && used + 40 < (int)room; byte++)
    used += snprintf(path + used, room - (size_t)used, "%02x", *byte);
  snprintf(path + used, room - (size_t)used, "%s", part);
}

int is_made(const char *name) {
  char path[900];
  path_of(path, sizeof path, name, "");
  return access(path, F_OK) == 0;
}

int list_made(char names[][65], int most) {
  DIR *folder = opendir(config.dir);
  int count = 0;
  for (struct dirent *entry; folder && (entry = readdir(folder)) && count < most;) {
    const char *hex = entry->d_name + 5;
    if (strncmp(entry->d_name, "made-", 5) || strchr(hex, '.') || strlen(hex) > 128) continue;
    size_t length = strlen(hex) / 2;
    for (size_t i = 0; i < length; i++) {
      unsigned byte = 0;
      sscanf(hex + 2 * i, "%2x", &byte);
      names[count][i] = (char)byte;
    }
    names[count++][length] = 0;
  }
  if (folder) closedir(folder);
  return count;
}

// Written beside and renamed; with `lose`, reported as done and not stored.
static int store(const char *name, const char *part, const void *bytes, size_t length) {
  char path[900], temporary[910];
  if (config.lose[0] && strstr(part, config.lose)) return 1;
  path_of(path, sizeof path, name, part);
  snprintf(temporary, sizeof temporary, "%s~", path);
  FILE *file = fopen(temporary, "wb");
  if (!file) return 0;
  int done = fwrite(bytes, 1, length, file) == length;
  done = fclose(file) == 0 && done;
  return done && rename(temporary, path) == 0;
}

static const char *part(int sign, int key) { return key ? sign ? ".sign-key" : ".enc-key" : sign ? ".sign-der" : ".enc-der"; }

unsigned char *made_certificate(const char *name, int sign, size_t *length) {
  char path[900];
  path_of(path, sizeof path, name, part(sign, 0));
  const char *file = strrchr(path, '/');
  return slurp(file + 1, length);
}

static EVP_PKEY *load(const char *name, int sign) {
  char path[900];
  path_of(path, sizeof path, name, part(sign, 1));
  FILE *file = fopen(path, "r");
  EVP_PKEY *key = file ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
  if (file) fclose(file);
  return key;
}

const char *made_key_file(const char *name) {
  static char path[900];
  path_of(path, sizeof path, name, ".sign-key");
  return strrchr(path, '/') + 1;
}

int made_point(const char *name, int sign, unsigned char *point) {
  EVP_PKEY *key = load(name, sign);
  unsigned char bytes[65];
  size_t size = 0;
  int done = key && EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, bytes, sizeof bytes, &size) && size == 65;
  if (done) memcpy(point, bytes + 1, 64);
  EVP_PKEY_free(key);
  return done;
}

// RSAPUBLICKEYBLOB: AlgID, BitLen, Modulus[256], PublicExponent[4], both big-endian. Its size; 0 when there is no such key.
size_t made_rsa(const char *name, int sign, unsigned char *blob) {
  EVP_PKEY *key = load(name, sign);
  BIGNUM *modulus = NULL, *exponent = NULL;
  size_t width = (size_t)config.ulong_size, size = 0;
  if (key && EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &modulus)
      && EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent)) {
    size = 2 * width + 260;
    memset(blob, 0, size + 4);
    put_ulong(blob, SGD_RSA), put_ulong(blob + width, (uint64_t)BN_num_bits(modulus));
    BN_bn2binpad(modulus, blob + 2 * width, 256), BN_bn2binpad(exponent, blob + 2 * width + 256, 4);
    if (width == 8 && !config.packed) size += 4;
  }
  BN_free(modulus);
  BN_free(exponent);
  EVP_PKEY_free(key);
  return size;
}

static int keep_key(const char *name, int sign, EVP_PKEY *key) {
  BIO *text = BIO_new(BIO_s_mem());
  char *bytes;
  int done = PEM_write_bio_PKCS8PrivateKey(text, key, NULL, NULL, 0, NULL, NULL);
  long length = BIO_get_mem_data(text, &bytes);
  done = done && store(name, part(sign, 1), bytes, (size_t)length);
  BIO_free(text);
  return done;
}

uint32_t SKF_CreateContainer(void *application, const char *name, void *handle) {
  enter(__func__);
  if (!is_application(application)) return leave(__func__, SAR_INVALIDHANDLEERR);
  if (!user_is_there()) return leave(__func__, SAR_USER_NOT_LOGGED_IN);
  if (is_made(name) || strlen(name) > 64) return leave(__func__, SAR_FAIL);
  char names[32][65];
  if (config.full || list_made(names, 32) >= 31) return leave(__func__, SAR_NO_ROOM);
  if (!store(name, "", "", 0)) return leave(__func__, SAR_FAIL);
  if (!open_made(name, handle)) return leave(__func__, SAR_FAIL);
  return leave(__func__, SAR_OK);
}

uint32_t SKF_DeleteContainer(void *application, const char *name) {
  enter(__func__);
  if (!is_application(application)) return leave(__func__, SAR_INVALIDHANDLEERR);
  if (!user_is_there()) return leave(__func__, SAR_USER_NOT_LOGGED_IN);
  if (is_made(name)) {
    const char *const parts[] = {".sign-key", ".enc-key", ".sign-der", ".enc-der", ""};
    for (int i = 0; i < 5; i++) {
      char path[900];
      path_of(path, sizeof path, name, parts[i]);
      unlink(path);
    }
    return leave(__func__, SAR_OK);
  }
  return leave(__func__, delete_first(name) ? SAR_OK : SAR_FAIL);
}

uint32_t SKF_GenECCKeyPair(void *container, uint64_t algorithm, unsigned char *blob) {
  enter(__func__);
  const char *name = made_name(container);
  if (!name) return leave(__func__, SAR_INVALIDHANDLEERR);
  if (!user_is_there()) return leave(__func__, SAR_USER_NOT_LOGGED_IN);
  if ((uint32_t)algorithm != SGD_SM2_1) return leave(__func__, SAR_INVALIDPARAMERR);
  EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
  int done = key && keep_key(name, 1, key);
  EVP_PKEY_free(key);
  unsigned char point[64];
  if (!done || (!made_point(name, 1, point) && !config.lose[0])) return leave(__func__, SAR_FAIL);
  size_t width = (size_t)config.ulong_size;
  memset(blob, 0, width + 128);
  put_ulong(blob, 256);
  memcpy(blob + width + 32, point, 32);
  memcpy(blob + width + 96, point + 32, 32);
  return leave(__func__, SAR_OK);
}

uint32_t SKF_GenRSAKeyPair(void *container, uint64_t bits, unsigned char *blob) {
  enter(__func__);
  const char *name = made_name(container);
  if (!name) return leave(__func__, SAR_INVALIDHANDLEERR);
  if (!user_is_there()) return leave(__func__, SAR_USER_NOT_LOGGED_IN);
  if ((uint32_t)bits != 2048) return leave(__func__, SAR_INVALIDPARAMERR);
  EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
  int done = key && keep_key(name, 1, key);
  EVP_PKEY_free(key);
  if (!done || (!made_rsa(name, 1, blob) && !config.lose[0])) return leave(__func__, SAR_FAIL);
  return leave(__func__, SAR_OK);
}

// C1 ‖ C3 ‖ C2 to SM2Cipher, opened with a key of the container. The length of what came out, 0 when nothing did.
static size_t open_cipher(
    const char *name, int sign, const unsigned char *x, const unsigned char *y, const unsigned char *hash,
    const unsigned char *text, size_t length, unsigned char *out) {
  if (length > 64) return 0;
  unsigned char der[256], *end = der + 2;
  const unsigned char *const numbers[] = {x, y};
  for (int i = 0; i < 2; i++) {
    const unsigned char *number = numbers[i];
    size_t size = 32;
    while (size > 1 && !*number) number++, size--;
    int zero = *number >= 0x80;
    *end++ = 2, *end++ = (unsigned char)(size + (size_t)zero);
    if (zero) *end++ = 0;
    memcpy(end, number, size), end += size;
  }
  *end++ = 4, *end++ = 32, memcpy(end, hash, 32), end += 32;
  *end++ = 4, *end++ = (unsigned char)length, memcpy(end, text, length), end += length;
  size_t body = (size_t)(end - der - 2);
  unsigned char whole[260], *start = whole;
  *start++ = 0x30;
  if (body > 127) *start++ = 0x81;
  *start++ = (unsigned char)body;
  memcpy(start, der + 2, body), start += body;
  EVP_PKEY *key = load(name, sign);
  EVP_PKEY_CTX *context = key ? EVP_PKEY_CTX_new(key, NULL) : NULL;
  size_t size = 64;
  int done = context && EVP_PKEY_decrypt_init(context) > 0
      && EVP_PKEY_decrypt(context, out, &size, whole, (size_t)(start - whole)) > 0;
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(key);
  return done ? size : 0;
}

static int sm4(int encrypt, const unsigned char *key, const unsigned char *in, size_t length, unsigned char *out) {
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  int size = 0;
  int done = EVP_CipherInit_ex(context, EVP_sm4_ecb(), NULL, key, NULL, encrypt) && EVP_CIPHER_CTX_set_padding(context, 0)
      && EVP_CipherUpdate(context, out, &size, in, (int)length);
  EVP_CIPHER_CTX_free(context);
  return done;
}

// ENVELOPEDKEYBLOB: three numbers, the private key, ECCPUBLICKEYBLOB, ECCCIPHERBLOB, each number as wide as ULONG is here;
// whether the keys in it belong together is the host's business.
uint32_t SKF_ImportECCKeyPair(void *container, const unsigned char *blob) {
  enter(__func__);
  const char *name = made_name(container);
  if (!name) return leave(__func__, SAR_INVALIDHANDLEERR);
  if (!user_is_there()) return leave(__func__, SAR_USER_NOT_LOGGED_IN);
  size_t width = (size_t)config.ulong_size;
  const unsigned char *private = blob + 3 * width, *public = private + 64, *cipher = public + width + 128;
  if (get_ulong(blob + width) != SGD_SM4_ECB) return leave(__func__, SAR_NOTSUPPORTYETERR);
  if (get_ulong(blob) != 1 || get_ulong(blob + 2 * width) != 256 || get_ulong(public) != 256 || get_ulong(cipher + 160) != 16)
    return leave(__func__, SAR_INDATAERR);
  unsigned char session[64], plain[64];
  if (open_cipher(name, 1, cipher + 32, cipher + 96, cipher + 128, cipher + 160 + width, 16, session) != 16)
    return leave(__func__, SAR_INDATAERR);
  sm4(0, session, private, 64, plain);
  OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
  BIGNUM *number = BN_bin2bn(plain + (config.key_left ? 0 : 32), 32, NULL);
  unsigned char point[65] = {4};
  memcpy(point + 1, public + width + 32, 32), memcpy(point + 33, public + width + 96, 32);
  EVP_PKEY *key = NULL;
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
  OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0);
  OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, 65);
  OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, number);
  OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(build);
  int done = EVP_PKEY_fromdata_init(context) > 0 && EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, parameters) > 0
      && keep_key(name, 0, key);
  OSSL_PARAM_free(parameters);
  OSSL_PARAM_BLD_free(build);
  BN_free(number);
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(key);
  return leave(__func__, done ? SAR_OK : SAR_INDATAERR);
}

uint32_t SKF_ImportCertificate(void *container, uint64_t sign, const unsigned char *bytes, uint64_t length) {
  enter(__func__);
  const char *name = made_name(container);
  if (!name) return leave(__func__, SAR_INVALIDHANDLEERR);
  // 7.5.8 asks for no login.
  return leave(__func__, store(name, part((uint32_t)sign != 0, 0), bytes, (uint32_t)length) ? SAR_OK : SAR_FAIL);
}

uint32_t SKF_ImportSessionKey(void *container, uint64_t algorithm, const unsigned char *blob, uint64_t length, void *handle) {
  enter(__func__);
  const char *name = made_name(container);
  if (!name) return leave(__func__, SAR_INVALIDHANDLEERR);
  if ((uint32_t)algorithm != SGD_SM4_ECB) return leave(__func__, SAR_NOTSUPPORTYETERR);
  // ECCCIPHERBLOB: X[64], Y[64], HASH[32], length, cipher.
  size_t width = (size_t)config.ulong_size;
  if ((uint32_t)length < 176 + width || get_ulong(blob + 160) != 16) return leave(__func__, SAR_INDATALENERR);
  unsigned char plain[64];
  if (open_cipher(name, 0, blob + 32, blob + 96, blob + 128, blob + 160 + width, 16, plain) != 16)
    return leave(__func__, SAR_INDATAERR);
  struct session *session = calloc(1, sizeof *session);
  session->kind = SESSION;
  memcpy(session->key, plain, 16);
  memcpy(handle, &session, sizeof session);
  return leave(__func__, SAR_OK);
}

// BLOCKCIPHERPARAM as it lies on the stack with ULONG of 8 bytes; with 4 it is the beginning of this.
struct parameters {
  unsigned char iv[32];
  unsigned char numbers[24];
};

uint32_t SKF_EncryptInit(void *key, struct parameters parameters) {
  enter(__func__);
  struct session *session = key;
  if (!session || session->kind != SESSION) return leave(__func__, SAR_INVALIDHANDLEERR);
  for (int i = 0; i < 3; i++)
    if (get_ulong(parameters.numbers + i * config.ulong_size)) return leave(__func__, SAR_INVALIDPARAMERR);
  session->ready = 1;
  return leave(__func__, SAR_OK);
}

uint32_t SKF_Encrypt(void *key, const unsigned char *data, uint64_t length, unsigned char *out, void *size) {
  enter(__func__);
  struct session *session = key;
  if (!session || session->kind != SESSION || !session->ready) return leave(__func__, SAR_INVALIDHANDLEERR);
  if ((uint32_t)length % 16 || get_ulong(size) < (uint32_t)length) return leave(__func__, SAR_INDATALENERR);
  sm4(1, session->key, data, (uint32_t)length, out);
  put_ulong(size, (uint32_t)length);
  return leave(__func__, SAR_OK);
}

uint32_t SKF_CloseHandle(void *handle) {
  enter(__func__);
  struct session *session = handle;
  if (!session || session->kind != SESSION) return leave(__func__, SAR_INVALIDHANDLEERR);
  session->kind = 0;
  free(session);
  return leave(__func__, SAR_OK);
}
