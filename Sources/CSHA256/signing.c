#include "CSHA256.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

int csha256_hmac(const uint8_t *key, size_t key_count, const uint8_t *message, size_t count,
                 uint8_t *digest) {
  static const uint8_t nothing;
  if (key_count > INT_MAX) return 0;
  return HMAC(EVP_sha256(), key ? key : &nothing, (int)key_count, message ? message : &nothing,
              count, digest, NULL) != NULL;
}

long cbase64_encode(const uint8_t *bytes, size_t count, uint8_t *text) {
  if (count > INT_MAX / 2) return -1;
  return EVP_EncodeBlock(text, bytes, (int)count);
}

long cbase64_decode(const uint8_t *text, size_t count, uint8_t *bytes) {
  if (count > INT_MAX) return -1;
  return EVP_DecodeBlock(bytes, text, (int)count);
}
