#pragma once
#include <stddef.h>
#include <stdint.h>

// SHA-256 of up to two pieces, one after the other, without OpenSSL's per-call look-up of an
// algorithm, which costs more than hashing a short line.
void csha256(const uint8_t *_Nullable first, size_t first_count, const uint8_t *_Nullable second,
             size_t second_count, uint8_t *_Nonnull digest);

// The same, over any number of pieces. The context is the caller's.
typedef struct { uint64_t opaque[16]; } csha256_context;
void csha256_begin(csha256_context *_Nonnull context);
void csha256_update(csha256_context *_Nonnull context, const uint8_t *_Nullable bytes, size_t count);
void csha256_end(csha256_context *_Nonnull context, uint8_t *_Nonnull digest);

// HMAC-SHA256 (RFC 2104) of a message, 32 bytes. 0 where it failed.
int csha256_hmac(const uint8_t *_Nullable key, size_t key_count, const uint8_t *_Nullable message,
                 size_t count, uint8_t *_Nonnull digest);

// Base64 (RFC 4648). `text` has room for 4 bytes for every 3 or fewer, and one more. Returns how many
// bytes were written; −1 where it failed.
long cbase64_encode(const uint8_t *_Nonnull bytes, size_t count, uint8_t *_Nonnull text);

// The same back, of whole groups of 4; what is padded is written as zeros. `bytes` has room for 3 each.
long cbase64_decode(const uint8_t *_Nonnull text, size_t count, uint8_t *_Nonnull bytes);
