#include "CSimdJSON.h"

#include <new>
#include <simdjson.h>

struct csj_parser {
  simdjson::dom::parser parser;
};

extern "C" size_t csj_padding(void) { return simdjson::SIMDJSON_PADDING; }

extern "C" csj_parser *csj_parser_create(void) { return new (std::nothrow) csj_parser; }

extern "C" void csj_parser_destroy(csj_parser *parser) { delete parser; }

extern "C" csj_document csj_parse(csj_parser *parser, const uint8_t *bytes, size_t count) {
  simdjson::dom::element root;
  simdjson::error_code error = parser->parser.parse(bytes, count, false).get(root);
  if (error) return {nullptr, nullptr, static_cast<int>(error)};
  return {parser->parser.doc.tape.get(), parser->parser.doc.string_buf.get(), 0};
}
