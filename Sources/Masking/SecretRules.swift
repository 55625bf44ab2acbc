package import Rules

/// What is masked, the more telling first: of two findings that overlap the earlier rule's kind
/// counts.
package let secretRules =
  tokenRules + commandRules + namedRules + formRules + personalRules + nationalRules + addressRules
