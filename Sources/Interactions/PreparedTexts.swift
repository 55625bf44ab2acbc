package import Events
import Facts
import Similarity

/// The sketches of an event's texts, where they are likely to be asked for: computed ahead, by any
/// thread. What is not here is computed when it is needed.
package struct PreparedTexts: Sendable {
  var prompt: Sketch?
  var response: Sketch?
  /// Whether the event is known to be nothing to any interaction, nor to the limit of feedback.
  private(set) var isIdle = false

  package init() {}

  /// Sketches what a closing event, or an opening one with an id, carries and can be read.
  package init(_ event: Event) {
    let fields = event.fields
    let role = EventRole(of: event)
    isIdle = role == .none && !fields.carriesFeedback
    guard role == .closes || (role == .opens && fields.has(.interactionID)) else { return }
    if let text = fields.text(.prompt), !isOpaque(text) { prompt = Sketch(of: text) }
    if let text = fields.text(.response), !isOpaque(text) { response = Sketch(of: text) }
  }
}

/// A text as it is compared: by its words, or as a whole when it has none or stands for another.
enum ComparableText {
  case sketch(Sketch)
  case opaque

  init(_ text: String, prepared: Sketch?) {
    if prepared == nil, isOpaque(text) {
      self = .opaque
      return
    }
    let sketch = prepared ?? Sketch(of: text)
    self = sketch.isEmpty ? .opaque : .sketch(sketch)
  }
}
