"""SM2 signatures verified by libgcrypt, GnuPG's library: other authors, other arithmetic; every Debian has it."""

import ctypes
import hashlib

# GB/T 32918.5: the curve's parameters a and b and its base point, which the signer's digest Z takes in.
CURVE = bytes.fromhex(
    "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC"
    "28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93"
    "32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7"
    "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0")

_library = ctypes.CDLL("libgcrypt.so.20")
_library.gcry_check_version.restype = ctypes.c_char_p
_library.gcry_strerror.restype = ctypes.c_char_p
_library.gcry_sexp_new.argtypes = [ctypes.POINTER(ctypes.c_void_p), ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int]
_library.gcry_sexp_release.argtypes = [ctypes.c_void_p]
_library.gcry_pk_verify.argtypes = [ctypes.c_void_p] * 3
_library.gcry_check_version(None)

BAD_SIGNATURE = 8  # GPG_ERR_BAD_SIGNATURE, the lower 16 bits of an error


def _expression(text):
    made = ctypes.c_void_p()
    error = _library.gcry_sexp_new(ctypes.byref(made), text.encode(), len(text), 1)
    assert error == 0, _library.gcry_strerror(error)
    return made


def verifies(point, identity, message, signature):
    """Whether r and s in 32 bytes each are the signature of who has this identity and this public key (x and y)."""
    start = (len(identity) * 8).to_bytes(2, "big") + identity.encode() + CURVE + point
    digest = hashlib.new("sm3", hashlib.new("sm3", start).digest() + message).hexdigest()
    pieces = [
        f"(sig-val (sm2 (r #{signature[:32].hex()}#) (s #{signature[32:].hex()}#)))",
        f"(data (flags sm2) (hash sm3 #{digest}#))", f"(public-key (ecc (curve sm2p256v1) (q #04{point.hex()}#)))"]
    made = [_expression(piece) for piece in pieces]
    try:
        error = _library.gcry_pk_verify(*made)
    finally:
        for each in made:
            _library.gcry_sexp_release(each)
    assert error & 0xFFFF in (0, BAD_SIGNATURE), _library.gcry_strerror(error)
    return error == 0
