/* What answering unlock requests cannot do without: the yardstick of the batch benchmark.
 *
 * For each .ukreq file of a directory: open, fstat, read, close; SM3 over its bytes and over a response's 760; SM4 over
 * the two blocks of the new PIN and the four of the MAC, under a key set up once; SM2 encryption of the 100 bytes that are
 * sealed, and an SM2 signature over the response. Nothing is parsed, checked, written.
 * usage: unlock_base DIRECTORY
 */
#include <dirent.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static unsigned char data[65536], response[760], cipherText[512], digest[32], block[16], key[16];
    unsigned length, done = 0;
    int written;
    DIR *directory = argc == 2 ? opendir(argv[1]) : NULL;
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    EVP_PKEY *pair = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");

    if (!pair || !directory || !cipher || EVP_EncryptInit_ex(cipher, EVP_sm4_ecb(), NULL, key, NULL) != 1)
        return 1;
    EVP_CIPHER_CTX_set_padding(cipher, 0);
    for (struct dirent *entry; (entry = readdir(directory));) {
        struct stat status;
        size_t name = strlen(entry->d_name);
        if (name < 6 || strcmp(entry->d_name + name - 6, ".ukreq"))
            continue;
        int file = openat(dirfd(directory), entry->d_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (file < 0 || fstat(file, &status))
            return 1;
        ssize_t count = read(file, data, sizeof data);
        close(file);
        if (count != status.st_size || EVP_Digest(data, count, digest, &length, EVP_sm3(), NULL) != 1
            || EVP_Digest(response, sizeof response, digest, &length, EVP_sm3(), NULL) != 1)
            return 1;
        for (int round = 0; round < 6; round++)
            if (EVP_EncryptUpdate(cipher, block, &written, block, sizeof block) != 1)
                return 1;
        EVP_PKEY_CTX *sealing = EVP_PKEY_CTX_new(pair, NULL);
        EVP_MD_CTX *signing = EVP_MD_CTX_new();
        size_t sealed = sizeof cipherText, signature = sizeof cipherText;
        if (EVP_PKEY_encrypt_init(sealing) != 1 || EVP_PKEY_encrypt(sealing, cipherText, &sealed, response, 100) != 1
            || EVP_DigestSignInit(signing, NULL, EVP_sm3(), NULL, pair) != 1
            || EVP_DigestSign(signing, cipherText, &signature, response, 600) != 1)
            return 1;
        EVP_PKEY_CTX_free(sealing);
        EVP_MD_CTX_free(signing);
        done++;
    }
    printf("%u\n", done);
    return 0;
}
