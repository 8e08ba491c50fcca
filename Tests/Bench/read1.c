/* The least a program can do with a PIV card: the yardsticks of the benchmark, two programs from one source.
 *
 * Plain: connect, SELECT the PIV application, GET DATA 5FC105 (certificate of slot 9A), GET RESPONSE while 61xx,
 * disconnect; prints the number of bytes.
 *
 * With STATUS defined, what `ukey status` does: the same seven commands to the card (SELECT, tries left by VERIFY without
 * data, the four slots, the CHUID for the serial), GET DATA extended as ukey sends it to this card, in one transaction;
 * each certificate parsed by OpenSSL; everything that ukey shows printed.
 */
#include <stdio.h>
#include <string.h>
#include <winscard.h>

static SCARDHANDLE card;
static DWORD protocol;
static unsigned char data[65536 + 258];
static size_t count;

/* Sends one command and appends the answer's data; the status word, or 0 when the exchange failed. */
static unsigned send_command(const unsigned char *command, DWORD size)
{
    unsigned char answer[65536 + 2];
    DWORD length = sizeof answer;
    const SCARD_IO_REQUEST *pci = protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;

    if (SCardTransmit(card, pci, command, size, NULL, answer, &length) != SCARD_S_SUCCESS || length < 2)
        return 0;
    if (count + length - 2 > sizeof data)
        return 0;
    memcpy(data + count, answer, length - 2);
    count += length - 2;
    return answer[length - 2] << 8 | answer[length - 1];
}

/* GET DATA of an object 5FC1xx with all its pieces; the last status word. Its bytes are those counted. */
static unsigned get_object(unsigned char object, int extended)
{
    const unsigned char plain[] = {0x00, 0xCB, 0x3F, 0xFF, 0x05, 0x5C, 0x03, 0x5F, 0xC1, object, 0x00};
    const unsigned char wide[] = {0x00, 0xCB, 0x3F, 0xFF, 0x00, 0x00, 0x05, 0x5C, 0x03, 0x5F, 0xC1, object, 0x00, 0x00};
    unsigned status;

    count = 0;
    status = extended ? send_command(wide, sizeof wide) : send_command(plain, sizeof plain);
    while (status >> 8 == 0x61) {
        const unsigned char more[] = {0x00, 0xC0, 0x00, 0x00, status & 0xFF};
        status = send_command(more, sizeof more);
    }
    return status;
}

#ifdef STATUS
#include <openssl/x509v3.h>

/* The value of the first BER-TLV with this one-byte tag in `from`; NULL when it is not there. */
static const unsigned char *find(unsigned char tag, const unsigned char *from, size_t size, size_t *found)
{
    const unsigned char *end = from + size;

    while (end - from >= 2) {
        unsigned char here = *from++;
        size_t length = *from++;
        if (length > 0x80) {
            size_t bytes = length & 0x7F;
            if (bytes > 3 || (size_t)(end - from) < bytes)
                return NULL;
            for (length = 0; bytes; bytes--)
                length = length << 8 | *from++;
        }
        if (length > (size_t)(end - from))
            return NULL;
        if (here == tag) {
            *found = length;
            return from;
        }
        from += length;
    }
    return NULL;
}

static void print_name(const char *label, const X509_NAME *name)
{
    char text[1024] = "";
    BIO *out = BIO_new(BIO_s_mem());

    if (out && X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
        int length = BIO_read(out, text, sizeof text - 1);
        text[length > 0 ? length : 0] = 0;
    }
    BIO_free(out);
    printf("  %s %s\n", label, text);
}

static int print_certificate(const char *slot)
{
    size_t size, length;
    const unsigned char *object = find(0x53, data, count, &size);
    const unsigned char *der = object ? find(0x70, object, size, &length) : NULL;
    X509 *x509 = der ? d2i_X509(NULL, &der, length) : NULL;
    struct tm from, until;
    char text[2][32], name[80] = "";

    if (!x509)
        return 0;
    ASN1_TIME_to_tm(X509_get0_notBefore(x509), &from);
    ASN1_TIME_to_tm(X509_get0_notAfter(x509), &until);
    strftime(text[0], sizeof text[0], "%FT%T", &from);
    strftime(text[1], sizeof text[1], "%FT%T", &until);
    printf("%s\n", slot);
    print_name("subject", X509_get_subject_name(x509));
    print_name("issuer ", X509_get_issuer_name(x509));
    const ASN1_INTEGER *serial = X509_get0_serialNumber(x509);
    printf("  serial  ");
    for (int i = 0; i < ASN1_STRING_length(serial); i++)
        printf("%02X", ASN1_STRING_get0_data(serial)[i]);
    OBJ_obj2txt(name, sizeof name, OBJ_nid2obj(X509_get_signature_nid(x509)), 0);
    printf("\n  valid   %s %s\n  signed  %s\n", text[0], text[1], name);
    const ASN1_OBJECT *algorithm;
    X509_PUBKEY_get0_param((ASN1_OBJECT **)&algorithm, NULL, NULL, NULL, X509_get_X509_PUBKEY(x509));
    OBJ_obj2txt(name, sizeof name, algorithm, 0);
    printf("  key     %s\n  usage   %X %X\n", name, X509_get_key_usage(x509), X509_get_extended_key_usage(x509));
    X509_free(x509);
    return 1;
}

static int print_status(void)
{
    // Which PIN people use: the Global PIN (00) where the Discovery Object says so.
    static const unsigned char discovery[] = {0x00, 0xCB, 0x3F, 0xFF, 0x03, 0x5C, 0x01, 0x7E, 0x00};
    unsigned char tries[] = {0x00, 0x20, 0x00, 0x80};
    static const struct { unsigned char object; const char *slot; } slots[] = {
        {0x05, "9A"}, {0x0A, "9C"}, {0x0B, "9D"}, {0x01, "9E"}};
    unsigned status;
    size_t size, length;
    int certificates = 0;

    if (send_command(discovery, sizeof discovery) == 0x9000)
        for (size_t i = 0; i + 5 <= count; i++)
            if (!memcmp(data + i, "\x5F\x2F\x02", 3) && data[i + 3] & 0x20 && data[i + 4] == 0x20)
                tries[3] = 0x00;
    status = send_command(tries, sizeof tries);
    if (status >> 4 != 0x63C)
        return 1;
    printf("tries %u\n", status & 0xF);
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        status = get_object(slots[i].object, 1);
        if (status == 0x9000)
            certificates += print_certificate(slots[i].slot);
        else if (status != 0x6A82)
            return 1;
    }
    if (get_object(0x02, 1) == 0x9000) {
        const unsigned char *object = find(0x53, data, count, &size);
        const unsigned char *guid = object ? find(0x34, object, size, &length) : NULL;
        printf("key ");
        for (size_t i = 0; guid && i < length; i++)
            printf("%02X", guid[i]);
        printf("\n");
    }
    return certificates > 0 ? 0 : 1;
}
#endif

int main(void)
{
    static const unsigned char select[] = {0x00, 0xA4, 0x04, 0x00, 0x09, 0xA0, 0x00, 0x00,
                                           0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x00};
    SCARDCONTEXT context;
    char readers[4096];
    DWORD length = sizeof readers;
    int code = 1;

    if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) != SCARD_S_SUCCESS)
        return 1;
    if (SCardListReaders(context, NULL, readers, &length) != SCARD_S_SUCCESS)
        return 1;
    if (SCardConnect(context, readers, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol)
        != SCARD_S_SUCCESS)
        return 1;
#ifdef STATUS
    if (SCardBeginTransaction(card) != SCARD_S_SUCCESS)
        return 1;
    if (send_command(select, sizeof select) == 0x9000)
        code = print_status();
    SCardEndTransaction(card, SCARD_LEAVE_CARD);
#else
    if (send_command(select, sizeof select) == 0x9000 && get_object(0x05, 0) == 0x9000 && count > 0) {
        printf("%zu\n", count);
        code = 0;
    }
#endif
    SCardDisconnect(card, SCARD_LEAVE_CARD);
    SCardReleaseContext(context);
    return code;
}
