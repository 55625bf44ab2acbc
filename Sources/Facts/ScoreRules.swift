/// How the parts of a score come about, in words: for explanations, and for the columns that hold them.
public enum ScoreRules {
  public static let outcome = """
    the strongest evidence decides, of equals the last: text < self < tool < exit_code < tests < human < \
    benchmark
    """
  public static let outcomeQuality = """
    success in ≤3 iterations 1, in ≤5 0.8, in more 0.6 (no count means 1); partial 0.4; failure 0.2
    """
  public static let feedback = """
    explicit +1 1, −1 0 (user_feedback, else rating, else helpful); else the first true of copied 0.8, \
    modified 0.6, accepted 0.8, abandoned 0; else 0.5
    """
  public static let reusability = """
    earlier prompts at least 0.85 similar, when the prompt first came, counted up to 5: 5 1, ≥3 0.7, ≥1 \
    0.5, none or no prompt 0.3; of equal ones the first event is named
    """
  public static let complexity = """
    0.3 if steps > 1; 0.2 if tools were used; 0.3 if files_modified > 3; 0.2 if the response holds code \
    and explanation, said or seen; at most 1
    """
  public static let novelty = """
    1 − nearest_similarity, of the response to one of high value before it, if that is ≥0.90; else 1; 0 \
    without a response that can be read
    """
  public static let confidence = """
    (feedback_known + basis_known + present / 6) / 3: feedback explicit 1, implicit 0.7, none 0.3; \
    outcome_basis exit_code or stronger 1, else 0.5; present: how many of prompt, response, model, \
    session_id, latency_ms and tokens_output are
    """
  /// As settings have it by default.
  public static let score = """
    0.4 × outcome_quality + 0.2 × feedback + 0.2 × reusability + 0.1 × complexity + 0.1 × novelty, unless \
    values.weights says otherwise; where values.profile is quality, the quality in values/quality, and 0 \
    without one
    """
  public static let tier = """
    reference below 0.7; else exceptional from 0.95, high_quality from 0.85, else high_value, unless \
    values.thresholds says otherwise; 0.7 moves, within 0.5 to 0.95, with values.adjust_thresholds, \
    values.learn_thresholds and values.domains
    """
}
