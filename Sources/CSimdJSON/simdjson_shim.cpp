#include "CSimdJSON.h"

#include <new>
#include <simdjson.h>

struct csj_parser {
  simdjson::dom::parser parser;
};

// simdjson allocates for the very length that it is asked to parse. Lines get longer by little
// steps, and each step would cost an allocation: so room grows by doubling, up to 1 MiB.
static void reserve(simdjson::dom::parser &parser, size_t count) {
  if (count <= parser.capacity() || count > (size_t{1} << 20)) return;
  size_t capacity = 4096;
  while (capacity < count) capacity *= 2;
  // A refusal shows itself in parse().
  (void)!parser.allocate(capacity);
  (void)!parser.doc.allocate(capacity);
}

extern "C" size_t csj_padding(void) { return simdjson::SIMDJSON_PADDING; }

extern "C" csj_parser *csj_parser_create(void) { return new (std::nothrow) csj_parser; }

extern "C" void csj_parser_destroy(csj_parser *parser) { delete parser; }

extern "C" void csj_parser_shrink(csj_parser *parser) { parser->parser = simdjson::dom::parser(); }

extern "C" csj_document csj_parse(csj_parser *parser, const uint8_t *bytes, size_t count) {
  reserve(parser->parser, count);
  simdjson::dom::element root;
  simdjson::error_code error = parser->parser.parse(bytes, count, false).get(root);
  if (error) return {nullptr, nullptr, static_cast<int>(error)};
  return {parser->parser.doc.tape.get(), parser->parser.doc.string_buf.get(), 0};
}
