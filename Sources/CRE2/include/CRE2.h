#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Regular expressions that are looked for together. Text is bytes: each byte is a character, so that
// what is no UTF-8 is text like any other. Matching takes time in proportion to the text, whatever the
// expressions, and may be done by several threads at once.
typedef struct cre2_rules cre2_rules;

// Where a group of an expression matched; start is SIZE_MAX where it took no part.
typedef struct {
  size_t start;
  size_t end;
} cre2_span;

cre2_rules *_Nullable cre2_create(void);
void cre2_destroy(cre2_rules *_Nonnull rules);

// Adds an expression to a group, of 0 to 63. It may be none: then it never matches.
void cre2_add(cre2_rules *_Nonnull rules, const char *_Nonnull pattern, size_t length, size_t group);

// Returns 0 for what is an expression, or 1 with a reason for people in `reason`, ended by NUL.
int cre2_check(const cre2_rules *_Nonnull rules, size_t rule, char *_Nonnull reason,
               size_t reason_size);

// Groups of an expression, the whole not counted.
size_t cre2_groups(const cre2_rules *_Nonnull rules, size_t rule);

// Writes the numbers of the expressions that match somewhere in a text, in ascending order, into
// `found`, which has room for all, and returns how many they are. Looks for the groups whose bits are
// set, in one pass for each.
size_t cre2_hits(const cre2_rules *_Nonnull rules, uint64_t groups, const uint8_t *_Nullable text,
                 size_t length, uint32_t *_Nonnull found);

// Whether an expression matches somewhere in a text.
int cre2_matches(const cre2_rules *_Nonnull rules, size_t rule, const uint8_t *_Nullable text,
                 size_t length);

// Whether an expression matches at a place; what stands before counts for boundaries.
int cre2_matches_at(const cre2_rules *_Nonnull rules, size_t rule, const uint8_t *_Nullable text,
                    size_t length, size_t start);

// Whether any expression of these groups matches somewhere in a text: what takes least when most texts
// match none.
int cre2_any(const cre2_rules *_Nonnull rules, uint64_t groups, const uint8_t *_Nullable text,
             size_t length);

// Looks for an expression's first match from `start` on; what stands before counts for boundaries.
// Fills `count` spans: the whole, then at most 63 groups. Returns 1 when there is one.
int cre2_find(const cre2_rules *_Nonnull rules, size_t rule, const uint8_t *_Nullable text,
              size_t length, size_t start, cre2_span *_Nonnull spans, size_t count);

#ifdef __cplusplus
}
#endif
