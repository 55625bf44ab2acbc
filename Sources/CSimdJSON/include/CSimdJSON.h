#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A parser owns the tape and the strings of the document that it parsed last.
typedef struct csj_parser csj_parser;

// What simdjson wrote: 64-bit words as doc/tape.md of simdjson describes them, and the strings that
// they point into (each a 32-bit length, the bytes, and a NUL; 16 bytes beyond the last are readable).
typedef struct {
  const uint64_t *_Nullable tape;
  const uint8_t *_Nullable strings;
  int error;  // 0 when the document is valid
} csj_document;

// Bytes that must be readable beyond the end of every document.
size_t csj_padding(void);

csj_parser *_Nullable csj_parser_create(void);
void csj_parser_destroy(csj_parser *_Nonnull parser);

// Gives memory back after a long document. Ends the life of the document that was parsed last.
void csj_parser_shrink(csj_parser *_Nonnull parser);

// Parses one document. `bytes` must be readable for `count + csj_padding()` bytes.
csj_document csj_parse(csj_parser *_Nonnull parser, const uint8_t *_Nonnull bytes, size_t count);

#ifdef __cplusplus
}
#endif
