// The plain functions are deprecated in OpenSSL 3 in favour of an interface whose set-up costs
// about a microsecond a call; they stay part of its ABI.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "CSHA256.h"

#include <openssl/sha.h>

_Static_assert(sizeof(csha256_context) >= sizeof(SHA256_CTX), "the context must hold OpenSSL's");

void csha256_begin(csha256_context *context) { SHA256_Init((SHA256_CTX *)context); }

void csha256_update(csha256_context *context, const uint8_t *bytes, size_t count) {
  if (count > 0) SHA256_Update((SHA256_CTX *)context, bytes, count);
}

void csha256_end(csha256_context *context, uint8_t *digest) {
  SHA256_Final(digest, (SHA256_CTX *)context);
}

void csha256(const uint8_t *first, size_t first_count, const uint8_t *second, size_t second_count,
             uint8_t *digest) {
  csha256_context context;
  csha256_begin(&context);
  csha256_update(&context, first, first_count);
  csha256_update(&context, second, second_count);
  csha256_end(&context, digest);
}
