#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A TOML 1.0 document, taken apart.
typedef struct ctoml_document ctoml_document;

typedef enum {
  CTOML_TABLE,
  CTOML_ARRAY,
  CTOML_TEXT,
  CTOML_INTEGER,
  CTOML_REAL,
  CTOML_BOOL,
  CTOML_DATE,
  // A time of day, with or without a date.
  CTOML_TIME
} ctoml_kind;

// A value. The values within it follow it in the order of the file's lines; `count` says how many
// stand directly within it.
typedef struct {
  ctoml_kind kind;
  // From 1: the line of its key, or of its own beginning where it has none.
  uint32_t line;
  // What a table calls it; none for the document and for elements of arrays.
  const char *_Nullable key;
  size_t key_length;
  // Of a text.
  const char *_Nullable text;
  size_t text_length;
  // Of an integer, and of a bool.
  int64_t integer;
  double real;
  // Of a date.
  uint16_t year;
  uint8_t month;
  uint8_t day;
  size_t count;
} ctoml_value;

// Returns the document, or null with a reason for people in `reason`, ended by NUL, and its line.
ctoml_document *_Nullable ctoml_parse(const uint8_t *_Nullable text, size_t length,
                                      char *_Nonnull reason, size_t reason_size,
                                      uint32_t *_Nonnull line);

// The values from the document's table on; they last as long as the document does.
const ctoml_value *_Nonnull ctoml_values(const ctoml_document *_Nonnull document,
                                         size_t *_Nonnull count);

void ctoml_destroy(ctoml_document *_Nonnull document);

#ifdef __cplusplus
}
#endif
