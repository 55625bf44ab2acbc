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

// For the automaton of a group; each expression's own takes what is RE2's default.
constexpr int64_t kSetMemory = int64_t{32} << 20;
constexpr size_t kGroupCount = 64;
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

// Expressions that are looked for together.
struct Group {
  std::vector<size_t> members;
  mutable std::once_flag made;
  // Null where the expressions are too many for one automaton.
  mutable std::unique_ptr<RE2::Set> set;
  // By their numbers in `set`.
  mutable std::vector<size_t> numbers;
};

struct cre2_rules {
  std::vector<std::unique_ptr<Rule>> rules;
  Group groups[kGroupCount];

  const RE2::Set *Set(const Group &group) const {
    std::call_once(group.made, [this, &group] {
      auto set = std::make_unique<RE2::Set>(SetOptions(), RE2::UNANCHORED);
      for (size_t number : group.members) {
        if (set->Add(rules[number]->pattern, nullptr) >= 0) group.numbers.push_back(number);
      }
      if (set->Compile()) group.set = std::move(set);
    });
    return group.set.get();
  }

  // Calls `found` with the number of each expression of a group that matches.
  template <typename Found>
  void Look(const Group &group, re2::StringPiece text, Found found) const {
    if (group.members.size() > 1) {
      if (const RE2::Set *set = Set(group)) {
        thread_local std::vector<int> hits;
        RE2::Set::ErrorInfo error{RE2::Set::kNoError};
        if (set->Match(text, &hits, &error)) {
          for (int hit : hits) found(group.numbers[static_cast<size_t>(hit)]);
          return;
        }
        if (error.kind == RE2::Set::kNoError) return;
      }
    }
    // One alone, or an automaton that has outgrown its memory: each expression answers for itself,
    // with the same result.
    for (size_t number : group.members) {
      if (rules[number]->Own().Match(text, 0, text.size(), RE2::UNANCHORED, nullptr, 0)) {
        found(number);
      }
    }
  }
};

extern "C" cre2_rules *cre2_create(void) { return new (std::nothrow) cre2_rules; }

extern "C" void cre2_destroy(cre2_rules *rules) { delete rules; }

extern "C" void cre2_add(cre2_rules *rules, const char *pattern, size_t length, size_t group) {
  auto rule = std::make_unique<Rule>();
  rule->pattern.assign(pattern, length);
  rules->groups[group % kGroupCount].members.push_back(rules->rules.size());
  rules->rules.push_back(std::move(rule));
}

extern "C" int cre2_check(const cre2_rules *rules, size_t rule, char *reason, size_t reason_size) {
  const RE2 &own = rules->rules[rule]->Own();
  std::string error = own.error();
  if (own.ok()) {
    if (own.NumberOfCapturingGroups() < static_cast<int>(kGroupsMax)) return 0;
    error = "more groups than are looked at";
  }
  size_t size = std::min(error.size(), reason_size - 1);
  std::memcpy(reason, error.data(), size);
  reason[size] = 0;
  return 1;
}

extern "C" size_t cre2_groups(const cre2_rules *rules, size_t rule) {
  return static_cast<size_t>(std::max(0, rules->rules[rule]->Own().NumberOfCapturingGroups()));
}

extern "C" size_t cre2_hits(const cre2_rules *rules, uint64_t groups, const uint8_t *text,
                            size_t length, uint32_t *found) {
  size_t count = 0;
  for (size_t group = 0; group < kGroupCount; group++) {
    if ((groups >> group & 1) == 0) continue;
    rules->Look(rules->groups[group], Piece(text, length),
                [&](size_t number) { found[count++] = static_cast<uint32_t>(number); });
  }
  std::sort(found, found + count);
  return count;
}

extern "C" int cre2_matches(const cre2_rules *rules, size_t rule, const uint8_t *text,
                            size_t length) {
  return rules->rules[rule]->Own().Match(Piece(text, length), 0, length, RE2::UNANCHORED, nullptr,
                                         0);
}

extern "C" int cre2_matches_at(const cre2_rules *rules, size_t rule, const uint8_t *text,
                               size_t length, size_t start) {
  if (start > length) return 0;
  return rules->rules[rule]->Own().Match(Piece(text, length), start, length, RE2::ANCHOR_START,
                                         nullptr, 0);
}

extern "C" int cre2_any(const cre2_rules *rules, uint64_t groups, const uint8_t *text,
                        size_t length) {
  for (size_t group = 0; group < kGroupCount; group++) {
    if ((groups >> group & 1) == 0) continue;
    bool any = false;
    rules->Look(rules->groups[group], Piece(text, length), [&](size_t) { any = true; });
    if (any) return 1;
  }
  return 0;
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
