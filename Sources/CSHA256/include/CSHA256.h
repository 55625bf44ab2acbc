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
