/* The least a program can do to read a PIV card: the yardsticks of the benchmark.
 *
 * Connect, SELECT the PIV application, GET DATA 5FC105 (certificate of slot 9A), GET RESPONSE while 61xx, disconnect.
 * With "status" also what `ukey status` tells: tries left (VERIFY without data), the other three slots, the CHUID; GET
 * DATA is then extended, as ukey sends it to this card. Prints the number of bytes. usage: read1 [status]
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

int main(int argc, char **argv)
{
    static const unsigned char select[] = {0x00, 0xA4, 0x04, 0x00, 0x09, 0xA0, 0x00, 0x00,
                                           0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x00};
    static const unsigned char tries[] = {0x00, 0x20, 0x00, 0x80};
    static const unsigned char others[] = {0x0A, 0x0B, 0x01, 0x02};
    int whole = argc > 1 && !strcmp(argv[1], "status");
    SCARDCONTEXT context;
    char readers[4096];
    DWORD length = sizeof readers;
    size_t certificate;

    if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) != SCARD_S_SUCCESS)
        return 1;
    if (SCardListReaders(context, NULL, readers, &length) != SCARD_S_SUCCESS)
        return 1;
    if (SCardConnect(context, readers, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol)
        != SCARD_S_SUCCESS)
        return 1;
    if (send_command(select, sizeof select) != 0x9000)
        return 1;
    if (whole && !send_command(tries, sizeof tries))
        return 1;
    if (get_object(0x05, whole) != 0x9000)
        return 1;
    certificate = count;
    for (size_t i = 0; whole && i < sizeof others; i++)
        if (!get_object(others[i], 1))
            return 1;
    SCardDisconnect(card, SCARD_LEAVE_CARD);
    SCardReleaseContext(context);
    printf("%zu\n", certificate);
    return certificate > 0 ? 0 : 1;
}
