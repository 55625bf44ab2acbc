#include "CRE2.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include <re2/re2.h>
#include <re2/set.h>

namespace {

// For the automaton of all expressions; each one's own takes what is RE2's default.
constexpr int64_t kSetMemory = int64_t{32} << 20;
// Of one expression, the whole with them.
constexpr size_t kGroupsMax = 64;

RE2::Options Options() {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  return options;
}

RE2::Options SetOptions() {
  RE2::Options options = Options();
  options.set_max_mem(kSetMemory);
  return options;
}

re2::StringPiece Piece(const uint8_t *text, size_t length) {
  return re2::StringPiece(reinterpret_cast<const char *>(text), length);
}

}  // namespace

// Of most rules it is asked only whether they match: their own expression is made when it is needed.
struct Rule {
  std::string pattern;
  mutable std::once_flag made;
  mutable std::unique_ptr<RE2> own;

  const RE2 &Own() const {
    std::call_once(made, [this] { own = std::make_unique<RE2>(pattern, Options()); });
    return *own;
  }
};

struct cre2_rules {
  std::vector<std::unique_ptr<Rule>> rules;
  RE2::Set set{SetOptions(), RE2::UNANCHORED};
};

extern "C" cre2_rules *cre2_create(void) { return new (std::nothrow) cre2_rules; }

extern "C" void cre2_destroy(cre2_rules *rules) { delete rules; }

extern "C" int cre2_add(cre2_rules *rules, const char *pattern, size_t length, char *reason,
                        size_t reason_size) {
  auto rule = std::make_unique<Rule>();
  rule->pattern.assign(pattern, length);
  std::string error;
  if (rules->set.Add(rule->pattern, &error) == static_cast<int>(rules->rules.size())) {
    rules->rules.push_back(std::move(rule));
    return 0;
  }
  size_t size = std::min(error.size(), reason_size - 1);
  std::memcpy(reason, error.data(), size);
  reason[size] = 0;
  return 1;
}

extern "C" int cre2_compile(cre2_rules *rules) { return rules->set.Compile() ? 0 : 1; }

extern "C" size_t cre2_groups(const cre2_rules *rules, size_t rule) {
  return static_cast<size_t>(rules->rules[rule]->Own().NumberOfCapturingGroups());
}

extern "C" size_t cre2_hits(const cre2_rules *rules, const uint8_t *text, size_t length,
                            uint32_t *found) {
  re2::StringPiece piece = Piece(text, length);
  thread_local std::vector<int> hits;
  RE2::Set::ErrorInfo error{RE2::Set::kNoError};
  size_t count = 0;
  if (rules->set.Match(piece, &hits, &error)) {
    std::sort(hits.begin(), hits.end());
    for (int hit : hits) found[count++] = static_cast<uint32_t>(hit);
    return count;
  }
  if (error.kind == RE2::Set::kNoError) return 0;
  // The automaton has outgrown its memory: each expression answers for itself, with the same result.
  for (size_t rule = 0; rule < rules->rules.size(); rule++) {
    if (rules->rules[rule]->Own().Match(piece, 0, length, RE2::UNANCHORED, nullptr, 0)) {
      found[count++] = static_cast<uint32_t>(rule);
    }
  }
  return count;
}

extern "C" int cre2_any(const cre2_rules *rules, const uint8_t *text, size_t length) {
  RE2::Set::ErrorInfo error{RE2::Set::kNoError};
  if (rules->set.Match(Piece(text, length), nullptr, &error)) return 1;
  if (error.kind == RE2::Set::kNoError) return 0;
  std::vector<uint32_t> found(rules->rules.size());
  return cre2_hits(rules, text, length, found.data()) > 0 ? 1 : 0;
}

extern "C" int cre2_find(const cre2_rules *rules, size_t rule, const uint8_t *text, size_t length,
                         size_t start, cre2_span *spans, size_t count) {
  re2::StringPiece groups[kGroupsMax];
  re2::StringPiece piece = Piece(text, length);
  if (start > length) return 0;
  size_t wanted = count;
  count = std::min({count, kGroupsMax, cre2_groups(rules, rule) + 1});
  if (!rules->rules[rule]->Own().Match(piece, start, length, RE2::UNANCHORED, groups,
                                 static_cast<int>(count))) {
    return 0;
  }
  for (size_t group = 0; group < wanted; group++) {
    if (group >= count || groups[group].data() == nullptr) {
      spans[group] = {SIZE_MAX, SIZE_MAX};
    } else {
      size_t from = static_cast<size_t>(groups[group].data() - piece.data());
      spans[group] = {from, from + groups[group].size()};
    }
  }
  return 1;
}
