/// It was asked to stop in the middle of something that would take long, and gave that up. What was taken
/// from files stays taken; what was given up is begun anew by whoever follows next.
package struct FollowingStopped: Error {
  package init() {}
}
