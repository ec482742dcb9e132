// SHA-256 of the system's libcrypto, which uses the processor's SHA instructions.
#include <openssl/evp.h>
