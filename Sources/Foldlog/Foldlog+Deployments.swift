internal import DeploymentsProjector
package import Views

extension Foldlog {
  /// The answer to which model serves each of some requests, to be asked of the view `deployments`.
  package static func serving(_ requests: [String], taskType: String) -> any AnswerTable {
    servingAnswer(taskType: taskType, requests: requests)
  }
}
