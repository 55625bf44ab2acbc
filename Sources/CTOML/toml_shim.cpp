#include "CTOML.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string_view>
#include <vector>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

struct ctoml_document {
  toml::table root;
  std::vector<ctoml_value> values;
};

namespace {

void Append(const toml::node &node, const toml::key *key, std::vector<ctoml_value> &values) {
  ctoml_value value{};
  value.line = (key ? key->source() : node.source()).begin.line;
  if (key) {
    value.key = key->data();
    value.key_length = key->length();
  }
  const size_t place = values.size();
  values.push_back(value);
  if (const auto *table = node.as_table()) {
    values[place].kind = CTOML_TABLE;
    values[place].count = table->size();
    // The table has its keys in their own order.
    std::vector<std::pair<const toml::key *, const toml::node *>> entries;
    for (const auto &[name, entry] : *table) entries.emplace_back(&name, &entry);
    std::sort(entries.begin(), entries.end(), [](const auto &left, const auto &right) {
      const auto &a = left.first->source().begin;
      const auto &b = right.first->source().begin;
      return a.line != b.line ? a.line < b.line : a.column < b.column;
    });
    for (const auto &[name, entry] : entries) Append(*entry, name, values);
  } else if (const auto *array = node.as_array()) {
    values[place].kind = CTOML_ARRAY;
    values[place].count = array->size();
    for (const auto &element : *array) Append(element, nullptr, values);
  } else if (const auto *text = node.as_string()) {
    values[place].kind = CTOML_TEXT;
    values[place].text = text->get().data();
    values[place].text_length = text->get().size();
  } else if (const auto *integer = node.as_integer()) {
    values[place].kind = CTOML_INTEGER;
    values[place].integer = integer->get();
  } else if (const auto *real = node.as_floating_point()) {
    values[place].kind = CTOML_REAL;
    values[place].real = real->get();
  } else if (const auto *flag = node.as_boolean()) {
    values[place].kind = CTOML_BOOL;
    values[place].integer = flag->get();
  } else if (const auto *date = node.as_date()) {
    values[place].kind = CTOML_DATE;
    values[place].year = date->get().year;
    values[place].month = date->get().month;
    values[place].day = date->get().day;
  } else {
    values[place].kind = CTOML_TIME;
  }
}

void Say(std::string_view what, char *reason, size_t size) {
  const size_t length = std::min(what.size(), size - 1);
  std::memcpy(reason, what.data(), length);
  reason[length] = 0;
}

}  // namespace

ctoml_document *ctoml_parse(const uint8_t *text, size_t length, char *reason, size_t reason_size,
                            uint32_t *line) {
  auto parsed = toml::parse(std::string_view(reinterpret_cast<const char *>(text), length));
  if (!parsed) {
    Say(parsed.error().description(), reason, reason_size);
    *line = parsed.error().source().begin.line;
    return nullptr;
  }
  auto *document = new ctoml_document{std::move(parsed).table(), {}};
  Append(document->root, nullptr, document->values);
  return document;
}

const ctoml_value *ctoml_values(const ctoml_document *document, size_t *count) {
  *count = document->values.size();
  return document->values.data();
}

void ctoml_destroy(ctoml_document *document) { delete document; }
