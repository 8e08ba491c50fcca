/* The least a program can do to read one certificate from a PIV card: the yardstick of the benchmark.
 *
 * connect, SELECT the PIV application, GET DATA 5FC105 (certificate of slot 9A), GET RESPONSE while 61xx, disconnect.
 * Prints the number of bytes. usage: read1 [READER]
 */
#include <stdio.h>
#include <string.h>
#include <winscard.h>

static SCARDHANDLE card;
static DWORD protocol;
static unsigned char data[65536];
static size_t count;

/* Sends one command and appends the answer's data; the status word, or 0 when the exchange failed. */
static unsigned send_command(const unsigned char *command, DWORD size)
{
    unsigned char answer[258];
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

int main(int argc, char **argv)
{
    static const unsigned char select[] = {0x00, 0xA4, 0x04, 0x00, 0x09, 0xA0, 0x00, 0x00,
                                           0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x00};
    static const unsigned char get[] = {0x00, 0xCB, 0x3F, 0xFF, 0x05, 0x5C, 0x03, 0x5F, 0xC1, 0x05, 0x00};
    SCARDCONTEXT context;
    char readers[4096];
    DWORD length = sizeof readers;
    unsigned status;

    if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) != SCARD_S_SUCCESS)
        return 1;
    if (SCardListReaders(context, NULL, readers, &length) != SCARD_S_SUCCESS)
        return 1;
    if (SCardConnect(context, argc > 1 ? argv[1] : readers, SCARD_SHARE_SHARED,
                     SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol) != SCARD_S_SUCCESS)
        return 1;
    if (send_command(select, sizeof select) != 0x9000)
        return 1;
    count = 0;
    status = send_command(get, sizeof get);
    while (status >> 8 == 0x61) {
        const unsigned char more[] = {0x00, 0xC0, 0x00, 0x00, status & 0xFF};
        status = send_command(more, sizeof more);
    }
    SCardDisconnect(card, SCARD_LEAVE_CARD);
    SCardReleaseContext(context);
    printf("%zu\n", count);
    return status == 0x9000 && count > 0 ? 0 : 1;
}
