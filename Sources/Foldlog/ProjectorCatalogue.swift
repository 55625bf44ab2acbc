internal import CorrelationsProjector
internal import DatasetsProjector
internal import DeploymentsProjector
internal import ErrorsProjector
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
