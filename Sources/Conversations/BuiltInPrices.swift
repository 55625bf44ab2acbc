internal import Bytes
internal import Events

extension PriceList {
  /// What the makers of models ask, as they publish it.
  package static let builtIn = PriceList([])
}
