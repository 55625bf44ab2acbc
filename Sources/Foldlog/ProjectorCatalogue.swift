internal import CorrelationsProjector
internal import DatasetsProjector
internal import DeploymentsProjector
internal import ErrorsProjector
package import Events
package import Projection
internal import SessionsProjector
internal import ValuesProjector

/// Every projector there is: adding one is its folder and a line here.
package let projectorCatalogue: [any Projector.Type] = [
  ValuesProjector.self,
  CorrelationsProjector.self,
  ErrorsProjector.self,
  DatasetsProjector.self,
  DeploymentsProjector.self,
  SessionsProjector.self,
]

/// What the projectors need of events beside the canonical fields, each once.
package let cataloguePayloads: [any Payload.Type] = {
  var payloads: [any Payload.Type] = []
  for payload in projectorCatalogue.flatMap({ $0.view.needs.payloads })
  where !payloads.contains(where: { $0 == payload }) { payloads.append(payload) }
  return payloads
}()
