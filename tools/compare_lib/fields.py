"""The fields of the workload's lines, and what the peers of tools/compare make of them."""

TEXTS = ["arm", "agent_type", "backend", "base_model", "baseline_model", "collection", "command",
         "completion_id", "complexity", "deployment_id", "error_message", "error_type", "event",
         "event_type", "execution_id", "extension", "failure_category", "feedback_id",
         "interaction_id", "llm_used", "memory_id", "memory_type", "mode", "model", "model_used",
         "node_id", "objective_preview", "profile", "project", "prompt", "prompt_preview",
         "provider", "query", "query_id", "response", "route", "run_id", "session_id", "solution",
         "source", "status", "stream", "task_id", "task_type", "timestamp", "tool_name", "type",
         "version", "zone"]
FLAGS = ["accepted", "cache_hit", "generate_response", "is_local", "passed", "prefer_local",
         "reflection_applied", "safety_passed", "success", "tests_passed"]
WHOLE = ["anomalies", "base_limit", "context_count", "exit_code", "files_modified", "final_limit",
         "iteration", "keyword_results", "limit", "output_length", "prompt_length", "rag_hits",
         "rating", "reflection_retries", "results", "semantic_results", "sql_results", "steps",
         "tokens_in", "tokens_input", "tokens_out", "tokens_output", "tokens_saved", "tokens_used",
         "tool_call_number", "tool_calls", "total_iterations", "traffic_percentage",
         "user_feedback", "zones_checked"]
REALS = ["accuracy_change", "cost_usd", "cycle_seconds", "duration_s", "elapsed_s",
         "execution_time_ms", "forgetting_rate", "history_adjustment", "improvement",
         "latency_change", "latency_ms", "memory_change", "quality_score", "score",
         "score_threshold", "ts", "useful_ratio"]
NESTED = ["collections", "collections_used", "context_keys", "error", "inference_optimizations",
          "memory_types", "metadata", "prompt_cache_policy", "retrieval_plan",
          "retrieval_profile", "task", "tools_used"]

CLOSING = ["task_completed", "task_failed", "query_completion", "completion", "cache_hit",
           "parallel_generate", "local_inference", "agent_step_complete", "refactoring",
           "harness_eval", "workflow_step_complete"]
FACTORS = ["model", "llm_used", "is_local", "backend", "extension", "profile", "agent_type",
           "task_type", "cache_hit", "kind", "stream"]
METRICS = ["success", "cost_usd", "latency_ms", "tokens_input", "tokens_output"]
TRAFFIC = ["deployment_active", "deployment_promoted", "deployment_demoted",
           "deployment_failed", "deployment_rolled_back"]
